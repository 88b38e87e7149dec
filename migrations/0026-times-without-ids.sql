-- Lists by due and by payment sort those of one instant and bucket, a few, by themselves: without the ids the entries are half as
-- long, and what changes a row writes less.
drop index agenda_next_due_at;
create index agenda_next_due_at on agenda (next_due_at, bucket) where next_due_at is not null;
drop index orders_paid_at;
create index orders_paid_at on orders (paid_at desc nulls last, bucket desc);
