-- Alerts to staff: what is said, through which robots, each sending of it, and the bell. None of it is an order's, so these are office tables.

create table robots (
  id uuid not null,
  kind text not null,
  name text not null,
  department text not null,
  -- the cards it gets; empty: all
  codes text[] not null,
  -- only what lies in these warehouses; empty: everything
  warehouses text[] not null,
  -- where it posts, sealed; what is shown of it
  address bytea not null,
  shown text not null,
  -- signing secret, sealed
  secret bytea,
  secret_at timestamptz(3),
  -- the word that the group asks every message to hold
  keyword text,
  -- local times between which only what is urgent passes
  quiet_from text,
  quiet_to text,
  active boolean not null default true,
  -- instants of its latest posts, milliseconds, so that all processes keep one limit together
  posted double precision[] not null default '{}',
  blocked_until timestamptz(3),
  created_at timestamptz(3) not null,
  changed_at timestamptz(3) not null,
  constraint robots_pkey primary key (id),
  constraint robots_quiet_has_both_ends check ((quiet_from is null) = (quiet_to is null))
);

-- What is said once to a department: a card. A warning of it may be taken, and goes to the head when nobody does.
create table alerts (
  id uuid not null,
  -- what makes it the only one: the same key is never said twice
  key text not null,
  code text not null,
  department text not null,
  kind text,
  standard text,
  clock text,
  basis text,
  level text,
  -- [bucket, subject id, round, due]
  about jsonb not null,
  -- values of the card that rows do not answer
  said jsonb not null,
  -- the page with exactly these rows, without the host; null: the one made of `about`
  path text,
  -- whom it is for beside the department: ids of staff
  people uuid[] not null default '{}',
  created_at timestamptz(3) not null,
  -- when its deliveries were made
  spoken_at timestamptz(3),
  -- its first line as it was spoken
  title text,
  -- who was on duty
  owner uuid,
  escalates_at timestamptz(3),
  escalated_at timestamptz(3),
  taken_by uuid,
  taken_at timestamptz(3),
  ended_at timestamptz(3),
  saved integer,
  lost integer,
  constraint alerts_pkey primary key (id),
  constraint alerts_key unique (key),
  constraint alerts_taken_by_somebody check ((taken_by is null) = (taken_at is null))
);
create index alerts_open on alerts (created_at) where ended_at is null;
create index alerts_escalates_at on alerts (escalates_at) where escalates_at is not null;
create index alerts_created_at on alerts (created_at);

-- One sending of an alert through a robot.
create table deliveries (
  id uuid not null,
  alert uuid not null,
  robot uuid not null,
  state text not null,
  -- what it said last, in one line
  said text not null,
  urgent boolean not null,
  -- not before: quiet hours, back-off; while being sent, when it counts as lost
  due_at timestamptz(3),
  tries integer not null default 0,
  -- several that waited went out as one card: the delivery that stands for all
  sent_with uuid,
  -- why it did not go out: our word for it, the platform's code and message
  why text,
  code text,
  message text,
  created_at timestamptz(3) not null,
  tried_at timestamptz(3),
  sent_at timestamptz(3),
  took_ms integer,
  -- whoever got it instead
  instead uuid,
  constraint deliveries_pkey primary key (id),
  constraint deliveries_alert foreign key (alert) references alerts (id) on delete cascade,
  constraint deliveries_robot foreign key (robot) references robots (id) on delete cascade,
  constraint deliveries_once unique (alert, robot),
  constraint deliveries_waiting_have_a_due check (state not in ('waiting', 'sending') or due_at is not null)
);
create index deliveries_due on deliveries (robot, due_at) where state in ('waiting', 'sending');
create index deliveries_created_at on deliveries (created_at desc, id);
create index deliveries_dead on deliveries (created_at desc) where state = 'dead';

create index deliveries_sent_with on deliveries (sent_with) where sent_with is not null;

-- What stands wrong over a span and is told once when it begins and once when it ends.
create table episodes (
  id uuid not null,
  kind text not null,
  began_at timestamptz(3) not null,
  data jsonb not null,
  told_at timestamptz(3),
  ended_at timestamptz(3),
  constraint episodes_pkey primary key (id)
);
create unique index episodes_one_of_a_kind on episodes (kind) where ended_at is null;

-- The bell of one person.
create table staff_notices (
  id uuid not null,
  staff uuid not null,
  kind text not null,
  data jsonb not null,
  link text,
  created_at timestamptz(3) not null,
  read_at timestamptz(3),
  constraint staff_notices_pkey primary key (id),
  constraint staff_notices_staff foreign key (staff) references staff (id)
);
create index staff_notices_of on staff_notices (staff, created_at desc, id);
create index staff_notices_unread on staff_notices (staff) where read_at is null;

-- The dispatcher asks for what waits by its group.
create index outbox_group on outbox (kind, department, standard, clock, basis, created_at);
