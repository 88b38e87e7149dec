import type { Session } from "./statement.ts"

/** The schema as it stands, as text: tables with their columns, constraints and indexes, by name. Newcomers read one file, reviewers see a change as a difference. */
export async function describeSchema(session: Session): Promise<string> {
  const { rows: columns } = await session.query<{ table: string; line: string }>(
    `select c.relname as table, format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
       case when a.attnotnull then ' not null' else '' end,
       coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
     from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind = 'r' order by c.relname, a.attnum`,
  )
  const { rows: rules } = await session.query<{ table: string; line: string }>(
    `select conrelid::regclass::text as table, format('  constraint %s %s', conname, pg_get_constraintdef(oid)) as line
     from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n' order by 1, 2`,
  )
  const { rows: indexes } = await session.query<{ line: string }>(
    `select indexdef || ';' as line from pg_indexes where schemaname = 'public'
     and indexname not in (select conname from pg_constraint) order by tablename, indexname`,
  )
  const tables = [...new Set(columns.map(({ table }) => table))].filter((table) => table !== "migrations")
  const bodies = tables.map((table) => {
    const lines = [...columns, ...rules]
      .filter((each) => each.table === table || each.table === `"${table}"`)
      .map(({ line }) => line)
    return `create table ${table} (\n${lines.join(",\n")}\n);`
  })
  return `-- The schema as it stands after all migrations. Made by the test beside src/store/schema.ts: UPDATE=1 npx vitest run src/store/schema.test.ts\n\n${bodies.join("\n\n")}\n\n${indexes.map(({ line }) => line).join("\n")}\n`
}
