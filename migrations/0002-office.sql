-- Office tables: the company, its people, who may do what, keys and the audit trail.
create table settings (
  name text not null,
  value jsonb not null,
  changed_at timestamptz(3) not null,
  constraint settings_pkey primary key (name)
);

create table departments (
  id text not null,
  name text not null,
  parent text,
  head uuid,
  constraint departments_pkey primary key (id),
  constraint departments_parent foreign key (parent) references departments (id)
);

create table staff (
  id uuid not null,
  auth_user_id text not null,
  name text not null,
  email text not null,
  active boolean not null default true,
  expires_at timestamptz(3),
  created_at timestamptz(3) not null,
  constraint staff_pkey primary key (id),
  constraint staff_auth_user unique (auth_user_id)
);

create table memberships (
  id uuid not null,
  staff uuid not null,
  department text not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3),
  constraint memberships_pkey primary key (id),
  constraint memberships_staff foreign key (staff) references staff (id),
  constraint memberships_department foreign key (department) references departments (id)
);

create table grants (
  id uuid not null,
  staff uuid not null,
  role text not null,
  department text,
  from_at timestamptz(3) not null,
  to_at timestamptz(3),
  constraint grants_pkey primary key (id),
  constraint grants_staff foreign key (staff) references staff (id)
);

-- One-time links: the first owner's, invitations and password resets. Only the token's SHA-256 is kept.
create table links (
  hash bytea not null,
  kind text not null,
  body jsonb not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  constraint links_pkey primary key (hash)
);

create table api_keys (
  hash bytea not null,
  id uuid not null,
  name text not null,
  role text not null,
  source text not null,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  constraint api_keys_pkey primary key (hash),
  constraint api_keys_id unique (id)
);

-- What people and keys changed; chained by one writer after the commit, so that it holds nobody up.
create table audit (
  id uuid not null,
  at timestamptz(3) not null,
  who text not null,
  what text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  number bigint,
  hash bytea,
  constraint audit_pkey primary key (id),
  constraint audit_number unique (number)
);
create index audit_unchained on audit (at, id) where number is null;
create index audit_subject on audit (subject, at);
