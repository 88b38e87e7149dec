-- A name is one valid key's alone. Of those that shared one the later ones are told apart by the end of their id.
update api_keys k set name = k.name || ' ' || right(k.id::text, 6)
  where k.revoked_at is null and exists
    (select from api_keys o where o.name = k.name and o.revoked_at is null and (o.created_at, o.id) < (k.created_at, k.id));
create unique index api_keys_one_valid_of_a_name on api_keys (name) where revoked_at is null;
