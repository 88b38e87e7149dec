-- Imports are numbered; what each changed stands in import_changes, so that the newest of a shop can be taken back.
create table imports (
  number integer not null,
  file text not null,
  format text not null,
  mapping jsonb,
  channel text,
  shop text,
  by_whom text not null,
  exported_at timestamptz(3) not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  state text not null,
  rows integer not null default 0,
  orders integer not null default 0,
  of_rows integer,
  result jsonb,
  error text,
  undone_at timestamptz(3),
  constraint imports_pkey primary key (number)
);

create table import_rejections (
  import integer not null,
  line integer not null,
  col text,
  code text not null,
  message text not null,
  cells jsonb,
  constraint import_rejections_pkey primary key (import, line, code)
);

create unlogged table import_rows (
  import integer not null,
  order_key text not null,
  line integer not null,
  row jsonb not null
);
create index import_rows_order on import_rows (import, order_key, line);
