-- Order-owned tables: what belongs to one order lives in the order's bucket (0 to 1,023), which heads every key.

create table orders (
  bucket smallint not null,
  id uuid not null,
  channel text not null,
  shop text not null,
  order_no text not null,
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
  constraint orders_pkey primary key (bucket, id),
  constraint orders_bucket_is_one_of_1024 check (bucket between 0 and 1023)
-- An event changes a tenth of the row; with room on its page no index is touched.
) with (fillfactor = 50);

create index orders_paid_at on orders (paid_at, bucket, id);
-- A number is looked for whole or by its end: all of a platform begin alike.
create index orders_order_no on orders (reverse(order_no) text_pattern_ops);
create index orders_anomalies on orders using gin (anomalies) where anomalies <> '{}' and watched;

-- When an order is looked at again, apart from what is known of it: a tick rewrites 80 bytes instead of 1,000, and two index
-- entries instead of six. Its row is the order's lock. Rows of one order in these tables are held together by that lock and by
-- the one way of writing; foreign keys between them cost an eighth of the ingest and are left out.
create table agenda (
  bucket smallint not null,
  id uuid not null,
  version integer not null,
  judged_at timestamptz(3) not null,
  recheck_at timestamptz(3),
  next_at timestamptz(3),
  next_due_at timestamptz(3),
  stuck jsonb,
  -- the clock whose first breach is all that happens at next_at, and the instant after that; null: something else happens
  breaks_kind text,
  breaks_basis text,
  breaks_round smallint,
  breaks_as text,
  then_at timestamptz(3),
  constraint agenda_pkey primary key (bucket, id),
  constraint agenda_next_at_is_not_before_judged_at check (next_at is null or next_at >= judged_at)
) with (fillfactor = 70);

create index agenda_next_at on agenda (next_at, bucket) where next_at is not null;
create index agenda_next_due_at on agenda (next_due_at, bucket, id) where next_due_at is not null;
create index agenda_stuck on agenda (bucket, id) where stuck is not null;

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
  constraint events_pkey primary key (bucket, order_id, identity, content)
);

create table receivers (
  bucket smallint not null,
  order_id uuid not null,
  hmac bytea not null,
  blob bytea not null,
  phone_index bytea,
  tail_index bytea,
  constraint receivers_pkey primary key (bucket, order_id, hmac)
);
-- A whole phone is found by its tail and itself, so one index serves both; a second one is an eighth of what an order's indexes cost.
create index receivers_tail_index on receivers (tail_index, phone_index) where tail_index is not null;

create table lines (
  bucket smallint not null,
  order_id uuid not null,
  line text not null,
  sku text,
  name text,
  quantity double precision,
  amount bigint,
  kind text,
  constraint lines_pkey primary key (bucket, order_id, line)
);
create index lines_sku on lines (sku) where sku is not null;

create table parcels (
  bucket smallint not null,
  order_id uuid not null,
  carrier text not null,
  tracking_no text not null,
  lines text[],
  constraint parcels_pkey primary key (bucket, order_id, carrier, tracking_no)
);
create index parcels_tracking_no on parcels (tracking_no text_pattern_ops);

-- A clock with all that took effect of it: one row is written where a warning or a breach fires.
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
  -- json, not jsonb: these are written and read whole, in a third of the room
  warnings json not null,
  state text not null,
  outcome text,
  closed_at timestamptz(3),
  stopped_by text,
  paused_until timestamptz(3),
  observed boolean not null,
  unconfirmed boolean not null,
  -- no longer in the answer; kept because something took effect of it
  gone boolean not null default false,
  -- how many effects it has had: whoever lets one happen names the number it read
  effects smallint not null default 0,
  -- warning levels that fired: [level, instant of the level, fired at]
  fired json,
  -- a breach is never erased; withdrawn, it does not stand
  breach_due_at timestamptz(3),
  breach_fired_at timestamptz(3),
  breach_standing boolean,
  breach_withdrawn_at timestamptz(3),
  breach_why jsonb,
  case_n integer,
  constraint clocks_pkey primary key (bucket, subject_kind, subject_id, kind, basis, round),
  constraint clocks_closed_have_an_outcome check ((state = 'closed') = (outcome is not null) and (state = 'closed') = (closed_at is not null)),
  constraint clocks_breach_is_whole check ((breach_due_at is null) = (breach_fired_at is null) and (breach_due_at is null) = (breach_standing is null))
) with (fillfactor = 50);
-- It names nothing that a closing changes, so that a closing touches no index.
create index clocks_due_at on clocks (due_at) where due_at is not null;

-- The same rows as what they tell of: every breach, and every warning level that fired.
create view breaches as
  select bucket, subject_kind, subject_id, kind, basis, round, breach_due_at as due_at, breach_fired_at as fired_at,
    breach_standing as standing, breach_withdrawn_at as withdrawn_at, breach_why as withdrawn_why, case_n
  from clocks where breach_due_at is not null;
create view firings as
  select c.bucket, c.subject_kind, c.subject_id, c.kind, c.basis, c.round, f.each ->> 0 as level,
    to_timestamp((f.each ->> 1)::float8 / 1000) as at, to_timestamp((f.each ->> 2)::float8 / 1000) as fired_at
  from clocks c cross join json_array_elements(c.fired) as f(each);

-- A case's number is made of its bucket and the count of that bucket, so the key is the number.
create table cases (
  bucket smallint not null,
  n integer not null,
  order_id uuid not null,
  version integer not null default 1,
  state text not null,
  department text,
  assignee text,
  cause text,
  incident uuid,
  successor_of integer,
  reopened integer not null default 0,
  opened_at timestamptz(3) not null,
  changed_at timestamptz(3) not null,
  archived_at timestamptz(3),
  withdrawn boolean not null default false,
  constraint cases_pkey primary key (bucket, n)
) with (fillfactor = 85);
create unique index cases_one_open_an_order on cases (bucket, order_id, archived_at) nulls not distinct;
create index cases_opened_at on cases (opened_at, bucket, n);

create table case_log (
  bucket smallint not null,
  case_n integer not null,
  id uuid not null,
  at timestamptz(3) not null,
  what text not null,
  who text,
  data jsonb not null,
  constraint case_log_pkey primary key (bucket, case_n, id)
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

-- What has to leave the process: a row for each kind, standard, level and window of a tick, with all that it is about.
create table outbox (
  bucket smallint not null,
  id uuid not null,
  kind text not null,
  department text not null,
  standard text not null,
  clock text not null,
  basis text not null,
  level text,
  window_at timestamptz(3) not null,
  -- [bucket, subject id, round, due]
  about jsonb not null,
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
