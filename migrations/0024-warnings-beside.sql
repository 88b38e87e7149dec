-- A breach may come with a warning of another clock, a millisecond before it. Orders that are known take the long way once.
alter table agenda add column breaks_at timestamptz(3);
