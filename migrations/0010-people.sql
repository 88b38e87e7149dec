-- People as they come, move and leave; where goods lie, and who ships them for us.
alter table departments add column position integer not null default 1000;
alter table departments add column closed_at timestamptz(3);

alter table staff add column leaves_at timestamptz(3);
create index memberships_staff_when on memberships (staff, from_at);
create index grants_staff_when on grants (staff, from_at);

-- A link may be used several times (one for a whole shift of temporary packers), is listed, and can be taken back.
alter table links add column id uuid not null default gen_random_uuid();
alter table links alter column id drop default;
alter table links add constraint links_id unique (id);
alter table links add column uses integer not null default 0;
alter table links add column uses_max integer not null default 1;

create index shifts_staff_when on shifts (staff, from_at);

-- A shift hands its open work to the next, item by item; what nobody confirms stays with the one who left.
create table handovers (
  id uuid not null,
  department text not null,
  from_staff uuid not null,
  note text not null,
  -- notes of a draft by item, which becomes items when it is given
  notes jsonb not null,
  given_at timestamptz(3),
  escalated_at timestamptz(3),
  closed_at timestamptz(3),
  constraint handovers_pkey primary key (id),
  constraint handovers_department foreign key (department) references departments (id),
  constraint handovers_staff foreign key (from_staff) references staff (id)
);
create unique index handovers_draft on handovers (from_staff) where given_at is null;
create index handovers_given on handovers (department, given_at);
create index handovers_open on handovers (given_at) where closed_at is null;
create table handover_items (
  handover uuid not null,
  kind text not null,
  subject text not null,
  title text not null,
  number text not null,
  link text not null,
  due_at timestamptz(3),
  note text not null,
  state text not null default 'waiting',
  taken_by uuid,
  taken_at timestamptz(3),
  constraint handover_items_pkey primary key (handover, kind, subject),
  constraint handover_items_handover foreign key (handover) references handovers (id),
  -- gone: done, or with somebody else, before anybody confirmed it
  constraint handover_items_state check (state in ('waiting', 'taken', 'gone'))
);

create table warehouses (
  id text not null,
  name text not null,
  region text not null,
  carriers jsonb not null,
  position integer not null default 1000,
  closed_at timestamptz(3),
  constraint warehouses_pkey primary key (id)
);

create table partners (
  id uuid not null,
  kind text not null,
  name text not null,
  contacts jsonb not null,
  note text not null,
  closed_at timestamptz(3),
  constraint partners_pkey primary key (id),
  constraint partners_kind check (kind in ('carrier', 'supplier', 'dropshipper', 'cloud_warehouse', 'platform'))
);

-- New channel settings hold for orders already there once they were judged again; a row a change, so that a restart goes on.
create table rejudgings (
  number integer not null,
  channels text[] not null,
  bucket integer not null default 0,
  order_id uuid,
  orders bigint not null default 0,
  -- writers of transactions that began before this one may still judge by the settings of before
  begun_in xid8 not null default pg_current_xact_id(),
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  constraint rejudgings_pkey primary key (number)
);
