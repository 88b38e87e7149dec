-- Order-owned tables: what belongs to one order lives in the order's bucket (0 to 1,023), which heads every key.

create table orders (
  bucket smallint not null,
  id uuid not null,
  channel text not null,
  shop text not null,
  order_no text not null,
  version integer not null,
  stage text not null,
  end_at timestamptz(3),
  created_at timestamptz(3),
  paid_at timestamptz(3),
  facts jsonb not null,
  details jsonb not null,
  anomalies text[] not null default '{}',
  live_session text,
  warehouse text,
  policy integer,
  settings integer not null,
  watched boolean not null,
  unwatched jsonb,
  cases_from timestamptz(3),
  told_at timestamptz(3),
  received_at timestamptz(3) not null,
  judged_at timestamptz(3) not null,
  recheck_at timestamptz(3),
  next_at timestamptz(3),
  next_due_at timestamptz(3),
  stuck jsonb,
  constraint orders_pkey primary key (bucket, id),
  constraint orders_bucket_is_one_of_1024 check (bucket between 0 and 1023),
  constraint orders_next_at_is_not_before_judged_at check (next_at is null or next_at >= judged_at)
) with (fillfactor = 85);

create index orders_next_at on orders (next_at, bucket) where next_at is not null;
create index orders_next_due_at on orders (next_due_at, bucket, id) where next_due_at is not null;
create index orders_paid_at on orders (paid_at, bucket, id);
create index orders_order_no on orders (order_no text_pattern_ops);
create index orders_anomalies on orders (bucket, id) where anomalies <> '{}' and watched;
create index orders_stuck on orders (bucket, id) where stuck is not null;

create table events (
  bucket smallint not null,
  order_id uuid not null,
  identity text not null,
  content bytea not null,
  type text not null,
  at timestamptz(3) not null,
  source text not null,
  event_id text,
  observed_at timestamptz(3),
  holds boolean not null,
  body jsonb not null,
  receiver bytea,
  recorded_at timestamptz(3) not null,
  constraint events_pkey primary key (bucket, order_id, identity, content),
  constraint events_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);

create table receivers (
  bucket smallint not null,
  order_id uuid not null,
  hmac bytea not null,
  blob bytea not null,
  phone_index bytea,
  tail_index bytea,
  constraint receivers_pkey primary key (bucket, order_id, hmac),
  constraint receivers_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);
create index receivers_phone_index on receivers (phone_index) where phone_index is not null;
create index receivers_tail_index on receivers (tail_index) where tail_index is not null;

create table lines (
  bucket smallint not null,
  order_id uuid not null,
  line text not null,
  sku text,
  name text,
  quantity numeric,
  amount bigint,
  kind text,
  constraint lines_pkey primary key (bucket, order_id, line),
  constraint lines_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);
create index lines_sku on lines (sku) where sku is not null;

create table parcels (
  bucket smallint not null,
  order_id uuid not null,
  carrier text not null,
  tracking_no text not null,
  lines text[],
  constraint parcels_pkey primary key (bucket, order_id, carrier, tracking_no),
  constraint parcels_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);
create index parcels_tracking_no on parcels (tracking_no text_pattern_ops);

create table clocks (
  bucket smallint not null,
  subject_kind text not null,
  subject_id uuid not null,
  kind text not null,
  basis text not null,
  round smallint not null,
  standard text,
  policy integer,
  start_at timestamptz(3) not null,
  due_at timestamptz(3),
  due_since timestamptz(3) not null,
  warnings jsonb not null,
  state text not null,
  outcome text,
  closed_at timestamptz(3),
  stopped_by text,
  paused_until timestamptz(3),
  observed boolean not null,
  unconfirmed boolean not null,
  constraint clocks_pkey primary key (bucket, subject_kind, subject_id, kind, basis, round),
  constraint clocks_closed_have_an_outcome check ((state = 'closed') = (outcome is not null) and (state = 'closed') = (closed_at is not null))
) with (fillfactor = 85);
create index clocks_open_due_at on clocks (due_at) where closed_at is null and due_at is not null;

create table firings (
  bucket smallint not null,
  subject_kind text not null,
  subject_id uuid not null,
  kind text not null,
  basis text not null,
  round smallint not null,
  level text not null,
  at timestamptz(3) not null,
  fired_at timestamptz(3) not null,
  constraint firings_pkey primary key (bucket, subject_kind, subject_id, kind, basis, round, level)
);

create table breaches (
  bucket smallint not null,
  subject_kind text not null,
  subject_id uuid not null,
  kind text not null,
  basis text not null,
  round smallint not null,
  due_at timestamptz(3) not null,
  fired_at timestamptz(3) not null,
  standing boolean not null,
  withdrawn_at timestamptz(3),
  withdrawn_why jsonb,
  case_id uuid,
  constraint breaches_pkey primary key (bucket, subject_kind, subject_id, kind, basis, round)
);
create index breaches_case on breaches (bucket, case_id) where case_id is not null;

create table cases (
  bucket smallint not null,
  id uuid not null,
  order_id uuid not null,
  number text not null,
  version integer not null default 1,
  state text not null,
  department text,
  assignee text,
  cause text,
  incident uuid,
  facts jsonb not null,
  successor_of uuid,
  reopened integer not null default 0,
  opened_at timestamptz(3) not null,
  changed_at timestamptz(3) not null,
  archived_at timestamptz(3),
  withdrawn boolean not null default false,
  constraint cases_pkey primary key (bucket, id),
  constraint cases_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);
create unique index cases_one_open_an_order on cases (bucket, order_id) where archived_at is null;
create unique index cases_number on cases (bucket, number);
create index cases_order on cases (bucket, order_id);
create index cases_opened_at on cases (opened_at, bucket, id);

create table case_log (
  bucket smallint not null,
  case_id uuid not null,
  id uuid not null,
  at timestamptz(3) not null,
  what text not null,
  who text,
  data jsonb not null,
  constraint case_log_pkey primary key (bucket, case_id, id),
  constraint case_log_belongs_to_a_case foreign key (bucket, case_id) references cases (bucket, id) on delete cascade
);

create table case_counters (
  bucket smallint not null,
  n integer not null,
  constraint case_counters_pkey primary key (bucket)
);

-- What has a clock but no order (an inquiry, a help request, a review).
create table duties (
  bucket smallint not null,
  kind text not null,
  id uuid not null,
  version integer not null,
  next_at timestamptz(3),
  constraint duties_pkey primary key (bucket, kind, id)
);
create index duties_next_at on duties (next_at, bucket) where next_at is not null;

create table acts (
  bucket smallint not null,
  subject uuid not null,
  act_id text not null,
  at timestamptz(3) not null,
  answer jsonb not null,
  constraint acts_pkey primary key (bucket, subject, act_id)
);

create table outbox (
  bucket smallint not null,
  id uuid not null,
  kind text not null,
  department text not null,
  standard text not null,
  window_at timestamptz(3) not null,
  subject_kind text not null,
  subject_id uuid not null,
  fact jsonb not null,
  created_at timestamptz(3) not null,
  constraint outbox_pkey primary key (bucket, id)
);

-- Signed changes of the counts, appended in the transaction of the change, and what has been folded of them.
create table rollup_deltas (
  bucket smallint not null,
  topic text not null,
  slot integer not null,
  dim text not null,
  n integer not null
);

create table rollups (
  bucket smallint not null,
  topic text not null,
  slot integer not null,
  dim text not null,
  n bigint not null,
  constraint rollups_pkey primary key (bucket, topic, slot, dim)
) with (fillfactor = 70);

create table import_changes (
  bucket smallint not null,
  order_id uuid not null,
  import integer not null,
  identity text not null,
  content bytea not null,
  change text not null,
  was jsonb,
  constraint import_changes_pkey primary key (bucket, order_id, import, identity, content, change),
  constraint import_changes_belong_to_an_order foreign key (bucket, order_id) references orders (bucket, id) on delete cascade
);
create index import_changes_import on import_changes (import);
