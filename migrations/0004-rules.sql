-- Rules, numbered: what orders are judged with never changes behind them.
create table policies (
  version integer not null,
  document jsonb not null,
  published_at timestamptz(3),
  constraint policies_pkey primary key (version)
);

create table calendars (
  name text not null,
  version integer not null,
  document jsonb not null,
  constraint calendars_pkey primary key (name, version)
);

create table channel_settings (
  number integer not null,
  document jsonb not null,
  changed_at timestamptz(3) not null,
  by_whom text not null,
  constraint channel_settings_pkey primary key (number)
);

-- The shops that were heard of, and when last.
create table shops (
  channel text not null,
  shop text not null,
  first_heard_at timestamptz(3) not null,
  received_at timestamptz(3) not null,
  told_at timestamptz(3),
  constraint shops_pkey primary key (channel, shop)
);
