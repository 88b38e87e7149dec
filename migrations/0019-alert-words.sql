-- What was said is kept in every language: readers of a page may have another one than the company.
alter table alerts alter column title type jsonb using
  case when title is not null then jsonb_build_object('zh-Hans', title, 'zh-Hant', title, 'en', title) end;
alter table handover_items alter column title type jsonb using to_jsonb(title);
