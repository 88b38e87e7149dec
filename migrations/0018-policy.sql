-- Who published a version of the policy, and why; null: the company began with it.
alter table policies add column by_whom text;
alter table policies add column reason text;
