-- How far an order has come changes with each of its events: it lies in the narrow row beside what is foreseen of it, so that an
-- event leaves the wide one as it is.
alter table agenda add column stage text;
alter table agenda add column facts jsonb;
alter table agenda add column shipment jsonb;
alter table agenda add column told_at timestamptz(3);
update agenda a set stage = o.stage, facts = o.facts, shipment = o.shipment, told_at = o.told_at
  from orders o where o.bucket = a.bucket and o.id = a.id;
alter table agenda alter column stage set not null;
alter table agenda alter column facts set not null;
alter table orders drop column stage, drop column facts, drop column shipment, drop column told_at;
alter table orders set (fillfactor = 85);
