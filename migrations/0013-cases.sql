-- What a case's handling needs beside its state: what is owed first, so that lists sort by it, and what was decided.
alter table cases
  -- handed on a second time: operations decides
  add column contested boolean not null default false,
  add column hand_ons smallint not null default 0,
  -- the date last given, and how often it was changed or missed
  add column eta_at timestamptz(3),
  add column eta_changes smallint not null default 0,
  -- the fact that resolved it, and one that would: { fact, at, date }
  add column resolved_by jsonb,
  add column resolvable jsonb,
  add column owed text default 'assign',
  add column owed_by text default 'operations',
  add column owed_from_at timestamptz(3),
  -- from its last warning on it is near; infinity: without a limit
  add column owed_near_at timestamptz(3) not null default 'infinity',
  add column owed_due_at timestamptz(3) not null default 'infinity',
  add column incident_seq integer not null default 0,
  -- goes its own way: of an incident without following it, or taken out of one by hand and not gathered again
  add column exempt boolean not null default false;
-- A case opened before this asks its operations at once.
update cases set owed = null, owed_by = null where archived_at is not null;

create index cases_owed_due_at on cases (owed_due_at, bucket, n);
create index cases_assignee on cases (assignee) where archived_at is null and assignee is not null;
create index cases_incident on cases (incident, incident_seq) where incident is not null;

-- The order of a case's deeds: several may bear one instant.
alter table case_log add column seq integer not null default 0;
-- Names the deeds of one act, also of one done for many cases at once.
alter table case_log add column batch uuid;
create index case_log_batch on case_log (batch) where batch is not null;

-- When to look at the inner clocks of an order's case; infinity: an open case with nothing to come, null: none.
alter table agenda add column case_next_at timestamptz(3);
update agenda a set case_next_at = a.judged_at, next_at = a.judged_at
  where exists (select 1 from cases c where c.bucket = a.bucket and c.order_id = a.id and c.archived_at is null);

-- Lists that people keep under a name.
create table case_views (
  owner text not null,
  name text not null,
  query jsonb not null,
  saved_at timestamptz(3) not null,
  constraint case_views_pkey primary key (owner, name)
);

-- One cause behind many cases, handled once for all of them.
create table incidents (
  id uuid not null,
  n integer not null,
  version integer not null default 1,
  title text not null,
  -- what its cases share: { kind, value, name }
  shared jsonb not null,
  state text not null,
  cause text,
  department text,
  owner uuid,
  opened_at timestamptz(3) not null,
  opened_by text,
  changed_at timestamptz(3) not null,
  closed_at timestamptz(3),
  eta_at timestamptz(3),
  eta_changes integer not null default 0,
  -- what was written once: { at, by, staff } with what was said; a case that joins later takes it over
  analysis jsonb,
  plan jsonb,
  told jsonb,
  -- the last of its acts
  seq integer not null default 0,
  merged_into uuid,
  constraint incidents_pkey primary key (id),
  constraint incidents_n unique (n),
  constraint incidents_state check (state in ('open', 'analysed', 'planned', 'resolved', 'reported', 'archived', 'dissolved'))
);
create index incidents_open on incidents (opened_at) where closed_at is null;

-- What is done once for all cases of an incident; a job applies it to one after the other.
create table incident_acts (
  incident uuid not null,
  seq integer not null,
  at timestamptz(3) not null,
  act text not null,
  by_whom text not null,
  by_staff uuid,
  actor jsonb not null,
  data jsonb not null,
  -- names its deeds in the log of each case
  batch uuid not null,
  -- numbers of the cases that it is about, taken in this order; null: all that follow the incident
  cases text[],
  of_cases integer not null default 0,
  done integer not null default 0,
  refused integer not null default 0,
  state text not null,
  constraint incident_acts_pkey primary key (incident, seq),
  constraint incident_acts_incident foreign key (incident) references incidents (id),
  constraint incident_acts_state check (state in ('running', 'done', 'undone'))
);
create index incident_acts_running on incident_acts (at) where state = 'running';

-- Cases that an act of their incident could not move, with why.
create table incident_refusals (
  incident uuid not null,
  seq integer not null,
  number text not null,
  code text not null,
  detail text,
  constraint incident_refusals_pkey primary key (incident, seq, number)
);

-- Words about a case, an incident (its subject is its number) or an order; customers' words and internal ones never share a thread.
create table messages (
  bucket smallint not null,
  subject text not null,
  id uuid not null,
  at timestamptz(3) not null,
  author uuid,
  author_name text not null,
  department text,
  visibility text not null,
  body text not null,
  proposal boolean not null,
  -- { people, departments }
  mentions jsonb not null,
  -- [{ sha256, name, type, bytes }]
  attachments jsonb not null,
  -- the request for help that these words make, or that they answer
  help uuid,
  answers uuid,
  constraint messages_pkey primary key (bucket, subject, id),
  constraint messages_visibility check (visibility in ('internal', 'customer'))
);

-- Files of a thread, stored by their content: the bytes lie encrypted outside the database, once for all that share them.
create table attachments (
  bucket smallint not null,
  subject text not null,
  sha256 text not null,
  name text not null,
  type text not null,
  bytes integer not null,
  stored_at timestamptz(3) not null,
  stored_by text not null,
  -- words were said with it; what was uploaded and never sent is forgotten after a day
  said boolean not null default false,
  constraint attachments_pkey primary key (bucket, subject, sha256)
);
create index attachments_sha256 on attachments (sha256);
create index attachments_unsaid on attachments (stored_at) where not said;

-- An error that keeps a duty from being looked at: { error, since, times }.
alter table duties add column stuck jsonb;

-- A question to a department or a superior (4.1b); its answer clock is that of the duty of this id.
create table help_requests (
  id uuid not null,
  bucket smallint not null,
  subject text not null,
  at timestamptz(3) not null,
  by_staff uuid,
  by_whom text not null,
  to_department text,
  to_person uuid,
  -- the department whose breach a late answer is
  charged text not null,
  text text not null,
  state text not null,
  answered_at timestamptz(3),
  answered_by text,
  answer text,
  -- to whom it went on because nobody answered: [{ at, to }], the nearest head first
  escalations jsonb not null default '[]',
  -- when it goes on next; infinity: no further
  escalates_at timestamptz(3) not null default 'infinity',
  due_at timestamptz(3) not null default 'infinity',
  near_at timestamptz(3) not null default 'infinity',
  constraint help_requests_pkey primary key (id),
  constraint help_requests_state check (state in ('asked', 'answered', 'withdrawn'))
);
create index help_requests_subject on help_requests (subject, at);
create index help_requests_open on help_requests (due_at) where state = 'asked';
