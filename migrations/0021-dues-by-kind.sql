-- A list of the clocks of one kind that are due in a span passes over those of another within the index.
drop index clocks_due_at;
create index clocks_due_at on clocks (due_at, kind) where due_at is not null;
