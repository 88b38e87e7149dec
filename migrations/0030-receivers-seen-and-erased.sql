-- Whose receiver somebody opened within the hour: what a person may open is limited, and the audit trail names people by a name that two may share.
create table reveals (
  staff uuid not null,
  bucket smallint not null,
  order_id uuid not null,
  at timestamptz(3) not null,
  constraint reveals_pkey primary key (staff, bucket, order_id)
);

-- Orders whose receiver was erased, or is to be as soon as nothing of them is open. Without `asked_at` the retention erased it.
create table erasures (
  bucket smallint not null,
  order_id uuid not null,
  asked_at timestamptz(3),
  erased_at timestamptz(3),
  constraint erasures_pkey primary key (bucket, order_id),
  constraint erasures_are_asked_or_done check (asked_at is not null or erased_at is not null)
);
