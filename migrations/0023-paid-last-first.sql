-- Lists of orders paid last first put those without a payment last; only an index in that order spares them a sort of all.
drop index orders_paid_at;
create index orders_paid_at on orders (paid_at desc nulls last, bucket desc, id desc);
