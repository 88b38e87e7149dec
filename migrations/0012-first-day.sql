-- A case opened during the trial run keeps that mark for ever: nobody is scored by it.
alter table cases add column trial boolean not null default false;

-- The beats of the last two minutes, so that a page can show which one was missed.
alter table engines add column beats timestamptz(3)[] not null default '{}';

-- Backups that were made or restored, and when each was last read back whole.
create table backups (
  id uuid not null,
  made_at timestamptz(3) not null,
  by_whom text not null,
  file text not null,
  bytes bigint not null,
  rows bigint not null,
  tables integer not null,
  version text not null,
  took_ms integer not null,
  tried_at timestamptz(3),
  tried text,
  error text,
  gone_at timestamptz(3),
  constraint backups_pkey primary key (id),
  constraint backups_tried check (tried in ('read', 'restored', 'broken'))
);
create index backups_made_at on backups (made_at);
