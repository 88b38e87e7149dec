-- An order's id begins with the first eight digits of its number (store/keys.ts), so that orders of one time lie side by side.
create temporary table renamed on commit drop as
  select bucket, id as was, (lpad(left(regexp_replace(order_no, '[^0-9]', '', 'g'), 8), 8, '0') || substr(id::text, 9))::uuid as id from orders;
create unique index on renamed (bucket, was);
analyze renamed;
alter table import_changes drop constraint import_changes_belong_to_an_order;
update orders t set id = r.id from renamed r where t.bucket = r.bucket and t.id = r.was;
update agenda t set id = r.id from renamed r where t.bucket = r.bucket and t.id = r.was;
update events t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update receivers t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update lines t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update parcels t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update clocks t set subject_id = r.id from renamed r where t.bucket = r.bucket and t.subject_id = r.was and t.subject_kind = 'order';
update cases t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update case_proposals t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update notices t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update import_changes t set order_id = r.id from renamed r where t.bucket = r.bucket and t.order_id = r.was;
update rejudgings t set order_id = null where finished_at is null;
-- [bucket, id, round, due] of what is spoken of.
update outbox t set about = (
  select jsonb_agg(case when r.id is null then e.one else jsonb_set(e.one, '{1}', to_jsonb(r.id)) end order by e.i)
  from jsonb_array_elements(t.about) with ordinality e(one, i)
  left join renamed r on r.bucket = (e.one ->> 0)::int2 and r.was::text = e.one ->> 1)
  where t.about <> '[]';
update alerts t set about = (
  select jsonb_agg(case when r.id is null then e.one else jsonb_set(e.one, '{1}', to_jsonb(r.id)) end order by e.i)
  from jsonb_array_elements(t.about) with ordinality e(one, i)
  left join renamed r on r.bucket = (e.one ->> 0)::int2 and r.was::text = e.one ->> 1)
  where t.about <> '[]';
alter table import_changes add constraint import_changes_belong_to_an_order
  foreign key (bucket, order_id) references orders (bucket, id) on delete cascade;
