-- The database knows by which master key it was written. One that has sealed something already tells by what it sealed last: behind the
-- two bytes of its form a sealed text carries the id of its key.
insert into settings (name, value, changed_at)
select 'master_key', jsonb_build_object('keyId', encode(substr(sealed, 3, 4), 'hex')), clock_timestamp()
  from (
    (select 1 as nth, blob as sealed from receivers order by order_id desc limit 1)
    union all
    (select 2, address from robots order by changed_at desc limit 1)
  ) found
  where substr(sealed, 1, 2) = 'v1'::bytea
  order by nth limit 1
  on conflict (name) do nothing;
