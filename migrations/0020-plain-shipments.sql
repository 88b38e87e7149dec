-- What a plain shipment will do to an order, known before it is told (core/plainShipment.ts).
alter table agenda add column ships_after timestamptz(3);
alter table agenda add column ships_by timestamptz(3);
alter table agenda add column ships_told text;
alter table agenda add column ships_as text;
-- What its plain shipment stated, beside its details: to rewrite these costs half of such a shipment. Null: nothing.
alter table orders add column shipment jsonb;
