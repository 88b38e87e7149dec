-- Threads are looked through for the words of the last days that name somebody.
create index messages_at on messages (at);
