-- Parts of the policy with versions of their own: causes, the form of the report, notices, reasons. None: the content that is shipped holds.
create table policy_parts (
  name text not null,
  version integer not null,
  document jsonb not null,
  published_at timestamptz(3) not null,
  by_whom text not null,
  constraint policy_parts_pkey primary key (name, version)
);

-- What people declare, with its proof: an outage of a system of ours or of a platform, weather or control of a region, a carrier's limits.
create table declared_windows (
  id uuid not null,
  kind text not null,
  name text not null,
  about text,
  regions text[] not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3),
  proof text not null,
  declared_at timestamptz(3) not null,
  declared_by text not null,
  ended_by text,
  withdrawn_at timestamptz(3),
  withdrawn_by text,
  constraint declared_windows_pkey primary key (id),
  constraint declared_windows_kind check (kind in ('own_outage', 'platform_outage', 'weather', 'control', 'carrier_limit')),
  constraint declared_windows_end_after_they_start check (to_at is null or to_at > from_at)
);
create index declared_windows_when on declared_windows (from_at, to_at) where withdrawn_at is null;

-- What was known of a SKU's stock from an instant on; null: not known.
create table stock_levels (
  sku text not null,
  warehouse text not null,
  at timestamptz(3) not null,
  on_hand numeric,
  locked numeric,
  blocked numeric,
  counted numeric,
  inbound jsonb,
  recorded_at timestamptz(3) not null,
  recorded_by text not null,
  constraint stock_levels_pkey primary key (sku, warehouse, at)
);
create index stock_levels_recorded_at on stock_levels (recorded_at);

-- The likely causes of a case with their evidence, how the lateness is split, and what was decided of it.
create table case_proposals (
  bucket smallint not null,
  case_n integer not null,
  order_id uuid not null,
  taxonomy integer not null,
  made_at timestamptz(3) not null,
  cause text,
  confidence smallint not null,
  asks text,
  stale boolean not null,
  proposals jsonb not null,
  split jsonb not null,
  sku text,
  warehouse text,
  carrier text,
  live_session text,
  outage uuid,
  state text not null,
  decided_at timestamptz(3),
  decided_by text,
  reason text,
  note text,
  constraint case_proposals_pkey primary key (bucket, case_n),
  constraint case_proposals_state check (state in ('waiting', 'applied', 'confirmed', 'overruled'))
);
create index case_proposals_waiting on case_proposals (made_at) where state = 'waiting';
create index case_proposals_made_at on case_proposals (made_at);

-- The report of a case or incident as it is written: draft, submitted, returned. Its subject is its number.
create table reports (
  bucket smallint not null,
  subject text not null,
  form text not null,
  state text not null,
  fields jsonb not null,
  saved_at timestamptz(3) not null,
  saved_by text not null,
  submitted_at timestamptz(3),
  submitted_by text,
  returned jsonb,
  constraint reports_pkey primary key (bucket, subject),
  constraint reports_state check (state in ('draft', 'submitted', 'returned', 'archived'))
);

-- Archived reports never change: each one's digest covers the one before.
create table report_archive (
  number bigint not null,
  subject text not null,
  archived_at timestamptz(3) not null,
  archived_by text not null,
  form text not null,
  cause text,
  department text,
  document jsonb not null,
  words text[] not null,
  digest bytea not null,
  constraint report_archive_pkey primary key (number)
);
create index report_archive_subject on report_archive (subject, number);
create index report_archive_words on report_archive using gin (words);
create index report_archive_archived_at on report_archive (archived_at, number);

-- Messages to customers, each fact told once.
create table notices (
  bucket smallint not null,
  fact text not null,
  id uuid not null,
  case_n integer,
  order_id uuid not null,
  template text not null,
  language text not null,
  texts jsonb not null,
  state text not null,
  drafted_at timestamptz(3) not null,
  drafted_by text,
  told_at timestamptz(3),
  told_by text,
  channel text,
  text text,
  error text,
  constraint notices_pkey primary key (bucket, fact),
  constraint notices_state check (state in ('drafted', 'sending', 'told', 'failed', 'superseded'))
);
create index notices_case on notices (bucket, case_n) where case_n is not null;

-- What a partner who ships for us opens without signing in. Only the token's SHA-256 is kept.
create table partner_links (
  hash bytea not null,
  id uuid not null,
  partner uuid not null,
  created_at timestamptz(3) not null,
  created_by text not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_by text,
  used_at timestamptz(3),
  -- it went out with the list of a day
  daily boolean not null default false,
  constraint partner_links_pkey primary key (hash),
  constraint partner_links_id unique (id)
);
create index partner_links_partner on partner_links (partner);

-- The list that a partner gets each day.
create table partner_lists (
  partner uuid not null,
  day date not null,
  orders integer not null,
  made_at timestamptz(3) not null,
  agreed_at timestamptz(3),
  seen_at timestamptz(3),
  -- by mail: when it was queued, to whom it went and when, or why it did not
  queued_at timestamptz(3),
  mailed_to text,
  mailed_at timestamptz(3),
  error text,
  constraint partner_lists_pkey primary key (partner, day)
);

-- Tracking numbers that a partner told, a row a time.
create table partner_uploads (
  id uuid not null,
  partner uuid not null,
  at timestamptz(3) not null,
  accepted integer not null,
  rejected integer not null,
  constraint partner_uploads_pkey primary key (id)
);
create index partner_uploads_partner on partner_uploads (partner, at);
-- The orders of a partner are found by whom they name.
create index orders_fulfilment on orders ((details ->> 'fulfilment'), paid_at) where details ->> 'fulfilment' is not null;

-- What a partner is asked to do, and what it answered.
create table partner_requests (
  id uuid not null,
  bucket smallint not null,
  partner uuid not null,
  kind text not null,
  subject text not null,
  text text not null,
  via text not null,
  asked_at timestamptz(3) not null,
  asked_by text not null,
  by_staff uuid,
  -- whom it was said to, with the address or number
  contact text not null default '',
  -- of one that goes by mail: when it left, or why it did not
  mailed_at timestamptz(3),
  error text,
  due_at timestamptz(3) not null,
  reminded_at timestamptz(3),
  answered_at timestamptz(3),
  answered_by text,
  answer text,
  promised_at timestamptz(3),
  constraint partner_requests_pkey primary key (id),
  constraint partner_requests_kind check (kind in ('chase', 'restock', 'ship', 'other'))
);
create index partner_requests_subject on partner_requests (subject, asked_at);
create index partner_requests_open on partner_requests (due_at) where answered_at is null;
create index partner_requests_partner on partner_requests (partner, asked_at);
