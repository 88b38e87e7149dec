-- Threads are looked through for the words of the last days that name somebody.
create index messages_at on messages (at);
create index handover_items_subject on handover_items (subject) where kind = 'reply';
-- A person's record is read from the deeds of a span.
create index case_log_what on case_log (what, at);
