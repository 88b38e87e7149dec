-- A rejudging waits for transactions that were numbered before it first asked, not for those before the change was begun: one that
-- began while the settings changed had read those of before.
alter table rejudgings rename column begun_in to waits_for;
alter table rejudgings alter column waits_for drop default;
alter table rejudgings alter column waits_for drop not null;
