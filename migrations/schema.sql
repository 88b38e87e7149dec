-- The schema as it stands after all migrations. Made by the test beside src/store/schema.ts: UPDATE=1 npx vitest run src/store/schema.test.ts

create table acts (
  bucket smallint not null,
  subject uuid not null,
  act_id text not null,
  at timestamp(3) with time zone not null,
  answer jsonb not null,
  constraint acts_pkey PRIMARY KEY (bucket, subject, act_id)
);

create table agenda (
  bucket smallint not null,
  id uuid not null,
  version integer not null,
  judged_at timestamp(3) with time zone not null,
  recheck_at timestamp(3) with time zone,
  next_at timestamp(3) with time zone,
  next_due_at timestamp(3) with time zone,
  stuck jsonb,
  breaks_kind text,
  breaks_basis text,
  breaks_round smallint,
  breaks_as text,
  then_at timestamp(3) with time zone,
  case_next_at timestamp(3) with time zone,
  ships_after timestamp(3) with time zone,
  ships_by timestamp(3) with time zone,
  ships_told text,
  ships_as text,
  stage text not null,
  facts jsonb not null,
  shipment jsonb,
  told_at timestamp(3) with time zone,
  breaks_at timestamp(3) with time zone,
  constraint agenda_next_at_is_not_before_judged_at CHECK (((next_at IS NULL) OR (next_at >= judged_at))),
  constraint agenda_pkey PRIMARY KEY (bucket, id)
);

create table alerts (
  id uuid not null,
  key text not null,
  code text not null,
  department text not null,
  kind text,
  standard text,
  clock text,
  basis text,
  level text,
  about jsonb not null,
  said jsonb not null,
  path text,
  people uuid[] not null default '{}'::uuid[],
  created_at timestamp(3) with time zone not null,
  spoken_at timestamp(3) with time zone,
  title jsonb,
  owner uuid,
  escalates_at timestamp(3) with time zone,
  escalated_at timestamp(3) with time zone,
  taken_by uuid,
  taken_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  saved integer,
  lost integer,
  constraint alerts_key UNIQUE (key),
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_taken_by_somebody CHECK (((taken_by IS NULL) = (taken_at IS NULL)))
);

create table api_keys (
  hash bytea not null,
  id uuid not null,
  name text not null,
  role text not null,
  source text not null,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  constraint api_keys_id UNIQUE (id),
  constraint api_keys_pkey PRIMARY KEY (hash)
);

create table attachments (
  bucket smallint not null,
  subject text not null,
  sha256 text not null,
  name text not null,
  type text not null,
  bytes integer not null,
  stored_at timestamp(3) with time zone not null,
  stored_by text not null,
  said boolean not null default false,
  constraint attachments_pkey PRIMARY KEY (bucket, subject, sha256)
);

create table audit (
  id uuid not null,
  at timestamp(3) with time zone not null,
  who text not null,
  what text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  number bigint,
  hash bytea,
  constraint audit_number UNIQUE (number),
  constraint audit_pkey PRIMARY KEY (id)
);

create table auth_accounts (
  id text not null,
  accountId text not null,
  providerId text not null,
  userId text not null,
  accessToken text,
  refreshToken text,
  idToken text,
  accessTokenExpiresAt timestamp with time zone,
  refreshTokenExpiresAt timestamp with time zone,
  scope text,
  password text,
  createdAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  updatedAt timestamp with time zone not null,
  constraint auth_accounts_pkey PRIMARY KEY (id),
  constraint auth_accounts_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE
);

create table auth_sessions (
  id text not null,
  expiresAt timestamp with time zone not null,
  token text not null,
  createdAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  updatedAt timestamp with time zone not null,
  ipAddress text,
  userAgent text,
  userId text not null,
  constraint auth_sessions_pkey PRIMARY KEY (id),
  constraint auth_sessions_token_key UNIQUE (token),
  constraint auth_sessions_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE
);

create table auth_two_factors (
  id text not null,
  secret text not null,
  backupCodes text not null,
  userId text not null,
  verified boolean,
  failedVerificationCount integer,
  lockedUntil timestamp with time zone,
  constraint auth_two_factors_pkey PRIMARY KEY (id),
  constraint auth_two_factors_userId_fkey FOREIGN KEY ("userId") REFERENCES auth_users(id) ON DELETE CASCADE
);

create table auth_users (
  id text not null,
  name text not null,
  email text not null,
  emailVerified boolean not null,
  image text,
  createdAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  updatedAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  twoFactorEnabled boolean,
  constraint auth_users_email_key UNIQUE (email),
  constraint auth_users_pkey PRIMARY KEY (id)
);

create table auth_verifications (
  id text not null,
  identifier text not null,
  value text not null,
  expiresAt timestamp with time zone not null,
  createdAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  updatedAt timestamp with time zone not null default CURRENT_TIMESTAMP,
  constraint auth_verifications_pkey PRIMARY KEY (id)
);

create table backups (
  id uuid not null,
  made_at timestamp(3) with time zone not null,
  by_whom text not null,
  file text not null,
  bytes bigint not null,
  rows bigint not null,
  tables integer not null,
  version text not null,
  took_ms integer not null,
  tried_at timestamp(3) with time zone,
  tried text,
  error text,
  gone_at timestamp(3) with time zone,
  constraint backups_pkey PRIMARY KEY (id),
  constraint backups_tried CHECK ((tried = ANY (ARRAY['read'::text, 'restored'::text, 'broken'::text])))
);

create table calendars (
  name text not null,
  version integer not null,
  document jsonb not null,
  constraint calendars_pkey PRIMARY KEY (name, version)
);

create table case_counters (
  bucket smallint not null,
  n integer not null,
  constraint case_counters_pkey PRIMARY KEY (bucket)
);

create table case_log (
  bucket smallint not null,
  case_n integer not null,
  id uuid not null,
  at timestamp(3) with time zone not null,
  what text not null,
  who text,
  data jsonb not null,
  seq integer not null default 0,
  batch uuid,
  constraint case_log_pkey PRIMARY KEY (bucket, case_n, id)
);

create table case_proposals (
  bucket smallint not null,
  case_n integer not null,
  order_id uuid not null,
  taxonomy integer not null,
  made_at timestamp(3) with time zone not null,
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
  decided_at timestamp(3) with time zone,
  decided_by text,
  reason text,
  note text,
  constraint case_proposals_pkey PRIMARY KEY (bucket, case_n),
  constraint case_proposals_state CHECK ((state = ANY (ARRAY['waiting'::text, 'applied'::text, 'confirmed'::text, 'overruled'::text])))
);

create table case_views (
  owner text not null,
  name text not null,
  query jsonb not null,
  saved_at timestamp(3) with time zone not null,
  constraint case_views_pkey PRIMARY KEY (owner, name)
);

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
  opened_at timestamp(3) with time zone not null,
  changed_at timestamp(3) with time zone not null,
  archived_at timestamp(3) with time zone,
  withdrawn boolean not null default false,
  trial boolean not null default false,
  contested boolean not null default false,
  hand_ons smallint not null default 0,
  eta_at timestamp(3) with time zone,
  eta_changes smallint not null default 0,
  resolved_by jsonb,
  resolvable jsonb,
  owed text default 'assign'::text,
  owed_by text default 'operations'::text,
  owed_from_at timestamp(3) with time zone,
  owed_near_at timestamp(3) with time zone not null default 'infinity'::timestamp with time zone,
  owed_due_at timestamp(3) with time zone not null default 'infinity'::timestamp with time zone,
  incident_seq integer not null default 0,
  exempt boolean not null default false,
  constraint cases_pkey PRIMARY KEY (bucket, n)
);

create table channel_settings (
  number integer not null,
  document jsonb not null,
  changed_at timestamp(3) with time zone not null,
  by_whom text not null,
  constraint channel_settings_pkey PRIMARY KEY (number)
);

create table clocks (
  bucket smallint not null,
  subject_kind text not null,
  subject_id uuid not null,
  kind text not null,
  basis text not null,
  round smallint not null,
  standard text,
  policy integer,
  start_at timestamp(3) with time zone not null,
  due_at timestamp(3) with time zone,
  due_since timestamp(3) with time zone not null,
  warnings json not null,
  state text not null,
  outcome text,
  closed_at timestamp(3) with time zone,
  stopped_by text,
  paused_until timestamp(3) with time zone,
  observed boolean not null,
  unconfirmed boolean not null,
  gone boolean not null default false,
  effects smallint not null default 0,
  fired json,
  breach_due_at timestamp(3) with time zone,
  breach_fired_at timestamp(3) with time zone,
  breach_standing boolean,
  breach_withdrawn_at timestamp(3) with time zone,
  breach_why jsonb,
  case_n integer,
  constraint clocks_breach_is_whole CHECK ((((breach_due_at IS NULL) = (breach_fired_at IS NULL)) AND ((breach_due_at IS NULL) = (breach_standing IS NULL)))),
  constraint clocks_closed_have_an_outcome CHECK ((((state = 'closed'::text) = (outcome IS NOT NULL)) AND ((state = 'closed'::text) = (closed_at IS NOT NULL)))),
  constraint clocks_pkey PRIMARY KEY (bucket, subject_kind, subject_id, kind, basis, round)
);

create table declared_windows (
  id uuid not null,
  kind text not null,
  name text not null,
  about text,
  regions text[] not null,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone,
  proof text not null,
  declared_at timestamp(3) with time zone not null,
  declared_by text not null,
  ended_by text,
  withdrawn_at timestamp(3) with time zone,
  withdrawn_by text,
  constraint declared_windows_end_after_they_start CHECK (((to_at IS NULL) OR (to_at > from_at))),
  constraint declared_windows_kind CHECK ((kind = ANY (ARRAY['own_outage'::text, 'platform_outage'::text, 'weather'::text, 'control'::text, 'carrier_limit'::text]))),
  constraint declared_windows_pkey PRIMARY KEY (id)
);

create table deliveries (
  id uuid not null,
  alert uuid not null,
  robot uuid not null,
  state text not null,
  said text not null,
  urgent boolean not null,
  due_at timestamp(3) with time zone,
  tries integer not null default 0,
  sent_with uuid,
  why text,
  code text,
  message text,
  created_at timestamp(3) with time zone not null,
  tried_at timestamp(3) with time zone,
  sent_at timestamp(3) with time zone,
  took_ms integer,
  instead uuid,
  constraint deliveries_alert FOREIGN KEY (alert) REFERENCES alerts(id) ON DELETE CASCADE,
  constraint deliveries_once UNIQUE (alert, robot),
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_robot FOREIGN KEY (robot) REFERENCES robots(id) ON DELETE CASCADE,
  constraint deliveries_waiting_have_a_due CHECK (((state <> ALL (ARRAY['waiting'::text, 'sending'::text])) OR (due_at IS NOT NULL)))
);

create table departments (
  id text not null,
  name text not null,
  parent text,
  head uuid,
  position integer not null default 1000,
  closed_at timestamp(3) with time zone,
  constraint departments_parent FOREIGN KEY (parent) REFERENCES departments(id),
  constraint departments_pkey PRIMARY KEY (id)
);

create table duties (
  bucket smallint not null,
  kind text not null,
  id uuid not null,
  version integer not null,
  next_at timestamp(3) with time zone,
  stuck jsonb,
  constraint duties_pkey PRIMARY KEY (bucket, kind, id)
);

create table engines (
  id uuid not null,
  started_at timestamp(3) with time zone not null,
  beat_at timestamp(3) with time zone not null,
  lag jsonb not null default '{}'::jsonb,
  beats timestamp(3) with time zone[] not null default '{}'::timestamp with time zone[],
  constraint engines_pkey PRIMARY KEY (id)
);

create table episodes (
  id uuid not null,
  kind text not null,
  began_at timestamp(3) with time zone not null,
  data jsonb not null,
  told_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  constraint episodes_pkey PRIMARY KEY (id)
);

create table erasures (
  bucket smallint not null,
  order_id uuid not null,
  asked_at timestamp(3) with time zone,
  erased_at timestamp(3) with time zone,
  constraint erasures_are_asked_or_done CHECK (((asked_at IS NOT NULL) OR (erased_at IS NOT NULL))),
  constraint erasures_pkey PRIMARY KEY (bucket, order_id)
);

create table events (
  bucket smallint not null,
  order_id uuid not null,
  identity text not null,
  content bytea not null,
  type text not null,
  at timestamp(3) with time zone not null,
  source text not null,
  event_id text,
  observed_at timestamp(3) with time zone,
  holds boolean not null,
  body jsonb not null,
  receiver bytea,
  recorded_at timestamp(3) with time zone not null,
  constraint events_pkey PRIMARY KEY (bucket, order_id, identity, content)
);

create table grants (
  id uuid not null,
  staff uuid not null,
  role text not null,
  department text,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone,
  constraint grants_pkey PRIMARY KEY (id),
  constraint grants_staff FOREIGN KEY (staff) REFERENCES staff(id)
);

create table handover_items (
  handover uuid not null,
  kind text not null,
  subject text not null,
  title jsonb not null,
  number text not null,
  link text not null,
  due_at timestamp(3) with time zone,
  note text not null,
  state text not null default 'waiting'::text,
  taken_by uuid,
  taken_at timestamp(3) with time zone,
  constraint handover_items_handover FOREIGN KEY (handover) REFERENCES handovers(id),
  constraint handover_items_pkey PRIMARY KEY (handover, kind, subject),
  constraint handover_items_state CHECK ((state = ANY (ARRAY['waiting'::text, 'taken'::text, 'gone'::text])))
);

create table handovers (
  id uuid not null,
  department text not null,
  from_staff uuid not null,
  note text not null,
  notes jsonb not null,
  given_at timestamp(3) with time zone,
  escalated_at timestamp(3) with time zone,
  closed_at timestamp(3) with time zone,
  constraint handovers_department FOREIGN KEY (department) REFERENCES departments(id),
  constraint handovers_pkey PRIMARY KEY (id),
  constraint handovers_staff FOREIGN KEY (from_staff) REFERENCES staff(id)
);

create table help_requests (
  id uuid not null,
  bucket smallint not null,
  subject text not null,
  at timestamp(3) with time zone not null,
  by_staff uuid,
  by_whom text not null,
  to_department text,
  to_person uuid,
  charged text not null,
  text text not null,
  state text not null,
  answered_at timestamp(3) with time zone,
  answered_by text,
  answer text,
  escalations jsonb not null default '[]'::jsonb,
  escalates_at timestamp(3) with time zone not null default 'infinity'::timestamp with time zone,
  due_at timestamp(3) with time zone not null default 'infinity'::timestamp with time zone,
  near_at timestamp(3) with time zone not null default 'infinity'::timestamp with time zone,
  constraint help_requests_pkey PRIMARY KEY (id),
  constraint help_requests_state CHECK ((state = ANY (ARRAY['asked'::text, 'answered'::text, 'withdrawn'::text])))
);

create table import_changes (
  bucket smallint not null,
  order_id uuid not null,
  import integer not null,
  identity text not null,
  content bytea not null,
  change text not null,
  was jsonb,
  constraint import_changes_belong_to_an_order FOREIGN KEY (bucket, order_id) REFERENCES orders(bucket, id) ON DELETE CASCADE,
  constraint import_changes_pkey PRIMARY KEY (bucket, order_id, import, identity, content, change)
);

create table import_rejections (
  import integer not null,
  line integer not null,
  col text,
  code text not null,
  message text not null,
  cells jsonb,
  constraint import_rejections_pkey PRIMARY KEY (import, line, code)
);

create table import_rows (
  import integer not null,
  order_key text not null,
  line integer not null,
  row jsonb not null
);

create table imports (
  number integer not null,
  file text not null,
  format text not null,
  mapping jsonb,
  channel text,
  shop text,
  by_whom text not null,
  exported_at timestamp(3) with time zone not null,
  started_at timestamp(3) with time zone not null,
  finished_at timestamp(3) with time zone,
  state text not null,
  rows integer not null default 0,
  orders integer not null default 0,
  of_rows integer,
  result jsonb,
  error text,
  undone_at timestamp(3) with time zone,
  constraint imports_pkey PRIMARY KEY (number)
);

create table incident_acts (
  incident uuid not null,
  seq integer not null,
  at timestamp(3) with time zone not null,
  act text not null,
  by_whom text not null,
  by_staff uuid,
  actor jsonb not null,
  data jsonb not null,
  batch uuid not null,
  cases text[],
  of_cases integer not null default 0,
  done integer not null default 0,
  refused integer not null default 0,
  state text not null,
  constraint incident_acts_incident FOREIGN KEY (incident) REFERENCES incidents(id),
  constraint incident_acts_pkey PRIMARY KEY (incident, seq),
  constraint incident_acts_state CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'undone'::text])))
);

create table incident_refusals (
  incident uuid not null,
  seq integer not null,
  number text not null,
  code text not null,
  detail text,
  constraint incident_refusals_pkey PRIMARY KEY (incident, seq, number)
);

create table incidents (
  id uuid not null,
  n integer not null,
  version integer not null default 1,
  title text not null,
  shared jsonb not null,
  state text not null,
  cause text,
  department text,
  owner uuid,
  opened_at timestamp(3) with time zone not null,
  opened_by text,
  changed_at timestamp(3) with time zone not null,
  closed_at timestamp(3) with time zone,
  eta_at timestamp(3) with time zone,
  eta_changes integer not null default 0,
  analysis jsonb,
  plan jsonb,
  told jsonb,
  seq integer not null default 0,
  merged_into uuid,
  constraint incidents_n UNIQUE (n),
  constraint incidents_pkey PRIMARY KEY (id),
  constraint incidents_state CHECK ((state = ANY (ARRAY['open'::text, 'analysed'::text, 'planned'::text, 'resolved'::text, 'reported'::text, 'archived'::text, 'dissolved'::text])))
);

create table leaves (
  id uuid not null,
  staff uuid not null,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone,
  reason text not null,
  constraint leaves_pkey PRIMARY KEY (id),
  constraint leaves_staff FOREIGN KEY (staff) REFERENCES staff(id)
);

create table lines (
  bucket smallint not null,
  order_id uuid not null,
  line text not null,
  sku text,
  name text,
  quantity double precision,
  amount bigint,
  kind text,
  constraint lines_pkey PRIMARY KEY (bucket, order_id, line)
);

create table links (
  hash bytea not null,
  kind text not null,
  body jsonb not null,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  id uuid not null,
  uses integer not null default 0,
  uses_max integer not null default 1,
  constraint links_id UNIQUE (id),
  constraint links_pkey PRIMARY KEY (hash)
);

create table memberships (
  id uuid not null,
  staff uuid not null,
  department text not null,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone,
  constraint memberships_department FOREIGN KEY (department) REFERENCES departments(id),
  constraint memberships_pkey PRIMARY KEY (id),
  constraint memberships_staff FOREIGN KEY (staff) REFERENCES staff(id)
);

create table messages (
  bucket smallint not null,
  subject text not null,
  id uuid not null,
  at timestamp(3) with time zone not null,
  author uuid,
  author_name text not null,
  department text,
  visibility text not null,
  body text not null,
  proposal boolean not null,
  mentions jsonb not null,
  attachments jsonb not null,
  help uuid,
  answers uuid,
  constraint messages_pkey PRIMARY KEY (bucket, subject, id),
  constraint messages_visibility CHECK ((visibility = ANY (ARRAY['internal'::text, 'customer'::text])))
);

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
  drafted_at timestamp(3) with time zone not null,
  drafted_by text,
  told_at timestamp(3) with time zone,
  told_by text,
  channel text,
  text text,
  error text,
  constraint notices_pkey PRIMARY KEY (bucket, fact),
  constraint notices_state CHECK ((state = ANY (ARRAY['drafted'::text, 'sending'::text, 'told'::text, 'failed'::text, 'superseded'::text])))
);

create table orders (
  bucket smallint not null,
  id uuid not null,
  channel text not null,
  shop text not null,
  order_no text not null,
  end_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone,
  paid_at timestamp(3) with time zone,
  details jsonb not null,
  anomalies text[] not null default '{}'::text[],
  live_session text,
  warehouse text,
  policy integer,
  settings integer not null,
  watched boolean not null,
  unwatched jsonb,
  cases_from timestamp(3) with time zone,
  received_at timestamp(3) with time zone not null,
  constraint orders_bucket_is_one_of_1024 CHECK (((bucket >= 0) AND (bucket <= 1023))),
  constraint orders_pkey PRIMARY KEY (bucket, id)
);

create table outbox (
  bucket smallint not null,
  id uuid not null,
  kind text not null,
  department text not null,
  standard text not null,
  clock text not null,
  basis text not null,
  level text,
  window_at timestamp(3) with time zone not null,
  about json not null,
  created_at timestamp(3) with time zone not null,
  constraint outbox_pkey PRIMARY KEY (bucket, id)
);

create table parcels (
  bucket smallint not null,
  order_id uuid not null,
  carrier text not null,
  tracking_no text not null,
  lines text[],
  constraint parcels_pkey PRIMARY KEY (bucket, order_id, carrier, tracking_no)
);

create table partner_links (
  hash bytea not null,
  id uuid not null,
  partner uuid not null,
  created_at timestamp(3) with time zone not null,
  created_by text not null,
  expires_at timestamp(3) with time zone not null,
  revoked_at timestamp(3) with time zone,
  revoked_by text,
  used_at timestamp(3) with time zone,
  daily boolean not null default false,
  constraint partner_links_id UNIQUE (id),
  constraint partner_links_pkey PRIMARY KEY (hash)
);

create table partner_lists (
  partner uuid not null,
  day date not null,
  orders integer not null,
  made_at timestamp(3) with time zone not null,
  agreed_at timestamp(3) with time zone,
  seen_at timestamp(3) with time zone,
  queued_at timestamp(3) with time zone,
  mailed_to text,
  mailed_at timestamp(3) with time zone,
  error text,
  constraint partner_lists_pkey PRIMARY KEY (partner, day)
);

create table partner_requests (
  id uuid not null,
  bucket smallint not null,
  partner uuid not null,
  kind text not null,
  subject text not null,
  text text not null,
  via text not null,
  asked_at timestamp(3) with time zone not null,
  asked_by text not null,
  by_staff uuid,
  contact text not null default ''::text,
  mailed_at timestamp(3) with time zone,
  error text,
  due_at timestamp(3) with time zone not null,
  reminded_at timestamp(3) with time zone,
  answered_at timestamp(3) with time zone,
  answered_by text,
  answer text,
  promised_at timestamp(3) with time zone,
  constraint partner_requests_kind CHECK ((kind = ANY (ARRAY['chase'::text, 'restock'::text, 'ship'::text, 'other'::text]))),
  constraint partner_requests_pkey PRIMARY KEY (id)
);

create table partner_uploads (
  id uuid not null,
  partner uuid not null,
  at timestamp(3) with time zone not null,
  accepted integer not null,
  rejected integer not null,
  constraint partner_uploads_pkey PRIMARY KEY (id)
);

create table partners (
  id uuid not null,
  kind text not null,
  name text not null,
  contacts jsonb not null,
  note text not null,
  closed_at timestamp(3) with time zone,
  constraint partners_kind CHECK ((kind = ANY (ARRAY['carrier'::text, 'supplier'::text, 'dropshipper'::text, 'cloud_warehouse'::text, 'platform'::text]))),
  constraint partners_pkey PRIMARY KEY (id)
);

create table policies (
  version integer not null,
  document jsonb not null,
  published_at timestamp(3) with time zone,
  by_whom text,
  reason text,
  constraint policies_pkey PRIMARY KEY (version)
);

create table policy_parts (
  name text not null,
  version integer not null,
  document jsonb not null,
  published_at timestamp(3) with time zone not null,
  by_whom text not null,
  constraint policy_parts_pkey PRIMARY KEY (name, version)
);

create table receivers (
  bucket smallint not null,
  order_id uuid not null,
  hmac bytea not null,
  blob bytea not null,
  phone_index bytea,
  tail_index bytea,
  constraint receivers_pkey PRIMARY KEY (bucket, order_id, hmac)
);

create table rejudgings (
  number integer not null,
  channels text[] not null,
  bucket integer not null default 0,
  order_id uuid,
  orders bigint not null default 0,
  waits_for xid8,
  started_at timestamp(3) with time zone not null,
  finished_at timestamp(3) with time zone,
  constraint rejudgings_pkey PRIMARY KEY (number)
);

create table report_archive (
  number bigint not null,
  subject text not null,
  archived_at timestamp(3) with time zone not null,
  archived_by text not null,
  form text not null,
  cause text,
  department text,
  document jsonb not null,
  words text[] not null,
  digest bytea not null,
  constraint report_archive_pkey PRIMARY KEY (number)
);

create table reports (
  bucket smallint not null,
  subject text not null,
  form text not null,
  state text not null,
  fields jsonb not null,
  saved_at timestamp(3) with time zone not null,
  saved_by text not null,
  submitted_at timestamp(3) with time zone,
  submitted_by text,
  returned jsonb,
  constraint reports_pkey PRIMARY KEY (bucket, subject),
  constraint reports_state CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'archived'::text])))
);

create table reveals (
  staff uuid not null,
  bucket smallint not null,
  order_id uuid not null,
  at timestamp(3) with time zone not null,
  constraint reveals_pkey PRIMARY KEY (staff, bucket, order_id)
);

create table robots (
  id uuid not null,
  kind text not null,
  name text not null,
  department text not null,
  codes text[] not null,
  warehouses text[] not null,
  address bytea not null,
  shown text not null,
  secret bytea,
  secret_at timestamp(3) with time zone,
  keyword text,
  quiet_from text,
  quiet_to text,
  active boolean not null default true,
  posted double precision[] not null default '{}'::double precision[],
  blocked_until timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  changed_at timestamp(3) with time zone not null,
  constraint robots_pkey PRIMARY KEY (id),
  constraint robots_quiet_has_both_ends CHECK (((quiet_from IS NULL) = (quiet_to IS NULL)))
);

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
  constraint rollups_pkey PRIMARY KEY (bucket, topic, slot, dim)
);

create table settings (
  name text not null,
  value jsonb not null,
  changed_at timestamp(3) with time zone not null,
  constraint settings_pkey PRIMARY KEY (name)
);

create table shifts (
  id uuid not null,
  staff uuid not null,
  department text not null,
  from_at timestamp(3) with time zone not null,
  to_at timestamp(3) with time zone not null,
  reminded_at timestamp(3) with time zone,
  constraint shifts_department FOREIGN KEY (department) REFERENCES departments(id),
  constraint shifts_end_after_they_start CHECK ((to_at > from_at)),
  constraint shifts_pkey PRIMARY KEY (id),
  constraint shifts_staff FOREIGN KEY (staff) REFERENCES staff(id)
);

create table shops (
  channel text not null,
  shop text not null,
  first_heard_at timestamp(3) with time zone not null,
  received_at timestamp(3) with time zone not null,
  told_at timestamp(3) with time zone,
  constraint shops_pkey PRIMARY KEY (channel, shop)
);

create table staff (
  id uuid not null,
  auth_user_id text not null,
  name text not null,
  email text not null,
  active boolean not null default true,
  expires_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  leaves_at timestamp(3) with time zone,
  constraint staff_auth_user UNIQUE (auth_user_id),
  constraint staff_pkey PRIMARY KEY (id)
);

create table staff_notices (
  id uuid not null,
  staff uuid not null,
  kind text not null,
  data jsonb not null,
  link text,
  created_at timestamp(3) with time zone not null,
  read_at timestamp(3) with time zone,
  constraint staff_notices_pkey PRIMARY KEY (id),
  constraint staff_notices_staff FOREIGN KEY (staff) REFERENCES staff(id)
);

create table stock_levels (
  sku text not null,
  warehouse text not null,
  at timestamp(3) with time zone not null,
  on_hand numeric,
  locked numeric,
  blocked numeric,
  counted numeric,
  inbound jsonb,
  recorded_at timestamp(3) with time zone not null,
  recorded_by text not null,
  constraint stock_levels_pkey PRIMARY KEY (sku, warehouse, at)
);

create table warehouses (
  id text not null,
  name text not null,
  region text not null,
  carriers jsonb not null,
  position integer not null default 1000,
  closed_at timestamp(3) with time zone,
  constraint warehouses_pkey PRIMARY KEY (id)
);

CREATE INDEX agenda_next_at ON public.agenda USING btree (next_at, bucket) WHERE (next_at IS NOT NULL);
CREATE INDEX agenda_next_due_at ON public.agenda USING btree (next_due_at, bucket) WHERE (next_due_at IS NOT NULL);
CREATE INDEX agenda_stuck ON public.agenda USING btree (bucket, id) WHERE (stuck IS NOT NULL);
CREATE INDEX alerts_created_at ON public.alerts USING btree (created_at);
CREATE INDEX alerts_escalates_at ON public.alerts USING btree (escalates_at) WHERE (escalates_at IS NOT NULL);
CREATE INDEX alerts_open ON public.alerts USING btree (created_at) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX api_keys_one_valid_of_a_name ON public.api_keys USING btree (name) WHERE (revoked_at IS NULL);
CREATE INDEX attachments_sha256 ON public.attachments USING btree (sha256);
CREATE INDEX attachments_unsaid ON public.attachments USING btree (stored_at) WHERE (NOT said);
CREATE INDEX audit_subject ON public.audit USING btree (subject, at);
CREATE INDEX audit_unchained ON public.audit USING btree (at, id) WHERE (number IS NULL);
CREATE INDEX "auth_accounts_userId_idx" ON public.auth_accounts USING btree ("userId");
CREATE INDEX "auth_sessions_userId_idx" ON public.auth_sessions USING btree ("userId");
CREATE INDEX auth_two_factors_secret_idx ON public.auth_two_factors USING btree (secret);
CREATE INDEX "auth_two_factors_userId_idx" ON public.auth_two_factors USING btree ("userId");
CREATE INDEX auth_verifications_identifier_idx ON public.auth_verifications USING btree (identifier);
CREATE INDEX backups_made_at ON public.backups USING btree (made_at);
CREATE INDEX case_log_batch ON public.case_log USING btree (batch) WHERE (batch IS NOT NULL);
CREATE INDEX case_log_what ON public.case_log USING btree (what, at);
CREATE INDEX case_proposals_made_at ON public.case_proposals USING btree (made_at);
CREATE INDEX case_proposals_waiting ON public.case_proposals USING btree (made_at) WHERE (state = 'waiting'::text);
CREATE INDEX cases_assignee ON public.cases USING btree (assignee) WHERE ((archived_at IS NULL) AND (assignee IS NOT NULL));
CREATE INDEX cases_incident ON public.cases USING btree (incident, incident_seq) WHERE (incident IS NOT NULL);
CREATE UNIQUE INDEX cases_one_open_an_order ON public.cases USING btree (bucket, order_id, archived_at) NULLS NOT DISTINCT;
CREATE INDEX cases_opened_at ON public.cases USING btree (opened_at, bucket, n);
CREATE INDEX cases_owed_due_at ON public.cases USING btree (owed_due_at, bucket, n);
CREATE INDEX clocks_due_at ON public.clocks USING btree (due_at, kind) WHERE (due_at IS NOT NULL);
CREATE INDEX declared_windows_when ON public.declared_windows USING btree (from_at, to_at) WHERE (withdrawn_at IS NULL);
CREATE INDEX deliveries_created_at ON public.deliveries USING btree (created_at DESC, id);
CREATE INDEX deliveries_dead ON public.deliveries USING btree (created_at DESC) WHERE (state = 'dead'::text);
CREATE INDEX deliveries_due ON public.deliveries USING btree (robot, due_at) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));
CREATE INDEX deliveries_sent_with ON public.deliveries USING btree (sent_with) WHERE (sent_with IS NOT NULL);
CREATE INDEX duties_next_at ON public.duties USING btree (next_at, bucket) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX episodes_one_of_a_kind ON public.episodes USING btree (kind) WHERE (ended_at IS NULL);
CREATE INDEX grants_staff_when ON public.grants USING btree (staff, from_at);
CREATE INDEX handover_items_subject ON public.handover_items USING btree (subject) WHERE (kind = 'reply'::text);
CREATE UNIQUE INDEX handovers_draft ON public.handovers USING btree (from_staff) WHERE (given_at IS NULL);
CREATE INDEX handovers_given ON public.handovers USING btree (department, given_at);
CREATE INDEX handovers_open ON public.handovers USING btree (given_at) WHERE (closed_at IS NULL);
CREATE INDEX help_requests_open ON public.help_requests USING btree (due_at) WHERE (state = 'asked'::text);
CREATE INDEX help_requests_subject ON public.help_requests USING btree (subject, at);
CREATE INDEX import_changes_import ON public.import_changes USING btree (import);
CREATE INDEX import_rows_order ON public.import_rows USING btree (import, order_key, line);
CREATE INDEX incident_acts_running ON public.incident_acts USING btree (at) WHERE (state = 'running'::text);
CREATE INDEX incidents_open ON public.incidents USING btree (opened_at) WHERE (closed_at IS NULL);
CREATE INDEX leaves_staff_when ON public.leaves USING btree (staff, from_at);
CREATE INDEX lines_sku ON public.lines USING btree (sku) WHERE (sku IS NOT NULL);
CREATE INDEX memberships_staff_when ON public.memberships USING btree (staff, from_at);
CREATE INDEX messages_at ON public.messages USING btree (at);
CREATE INDEX notices_case ON public.notices USING btree (bucket, case_n) WHERE (case_n IS NOT NULL);
CREATE INDEX orders_anomalies ON public.orders USING gin (anomalies) WHERE ((anomalies <> '{}'::text[]) AND watched);
CREATE INDEX orders_fulfilment ON public.orders USING btree (((details ->> 'fulfilment'::text)), paid_at) WHERE ((details ->> 'fulfilment'::text) IS NOT NULL);
CREATE INDEX orders_order_no ON public.orders USING btree (reverse(order_no) text_pattern_ops);
CREATE INDEX orders_paid_at ON public.orders USING btree (paid_at DESC NULLS LAST, bucket DESC);
CREATE INDEX outbox_group ON public.outbox USING btree (kind, department, standard, clock, basis, created_at);
CREATE INDEX parcels_tracking_no ON public.parcels USING btree (tracking_no text_pattern_ops);
CREATE INDEX partner_links_partner ON public.partner_links USING btree (partner);
CREATE INDEX partner_requests_open ON public.partner_requests USING btree (due_at) WHERE (answered_at IS NULL);
CREATE INDEX partner_requests_partner ON public.partner_requests USING btree (partner, asked_at);
CREATE INDEX partner_requests_subject ON public.partner_requests USING btree (subject, asked_at);
CREATE INDEX partner_uploads_partner ON public.partner_uploads USING btree (partner, at);
CREATE INDEX receivers_tail_index ON public.receivers USING btree (tail_index, phone_index) WHERE (tail_index IS NOT NULL);
CREATE INDEX report_archive_archived_at ON public.report_archive USING btree (archived_at, number);
CREATE INDEX report_archive_subject ON public.report_archive USING btree (subject, number);
CREATE INDEX report_archive_words ON public.report_archive USING gin (words);
CREATE INDEX shifts_staff_when ON public.shifts USING btree (staff, from_at);
CREATE INDEX shifts_when ON public.shifts USING btree (department, from_at, to_at);
CREATE INDEX staff_notices_of ON public.staff_notices USING btree (staff, created_at DESC, id);
CREATE INDEX staff_notices_unread ON public.staff_notices USING btree (staff) WHERE (read_at IS NULL);
CREATE INDEX stock_levels_recorded_at ON public.stock_levels USING btree (recorded_at);
