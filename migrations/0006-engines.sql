-- Who beats: an engine is alive while its last beat is younger than 6 seconds.
create table engines (
  id uuid not null,
  started_at timestamptz(3) not null,
  beat_at timestamptz(3) not null,
  -- how late what it lets happen takes effect (fired − due): {counts, p50, p99, max}
  lag jsonb not null default '{}',
  constraint engines_pkey primary key (id)
);
