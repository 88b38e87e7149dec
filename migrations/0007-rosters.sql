-- Who is on duty when: shifts across midnight, and leaves. History stays, since scores need who was there then.
create table shifts (
  id uuid not null,
  staff uuid not null,
  department text not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3) not null,
  -- when whoever is on it was reminded to hand over
  reminded_at timestamptz(3),
  constraint shifts_pkey primary key (id),
  constraint shifts_staff foreign key (staff) references staff (id),
  constraint shifts_department foreign key (department) references departments (id),
  constraint shifts_end_after_they_start check (to_at > from_at)
);
create index shifts_when on shifts (department, from_at, to_at);

create table leaves (
  id uuid not null,
  staff uuid not null,
  from_at timestamptz(3) not null,
  to_at timestamptz(3),
  reason text not null,
  constraint leaves_pkey primary key (id),
  constraint leaves_staff foreign key (staff) references staff (id)
);
create index leaves_staff_when on leaves (staff, from_at);
