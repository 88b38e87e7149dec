import type pg from "pg"
import type { Help } from "./help.ts"
import { nameOf, type Said } from "./life.ts"

/** What stands of a request for help, as plain values. */
export type HelpRow = Record<string, unknown>

const ofHelp = `select h.id, h.subject, h.at, h.by_staff, h.to_department, h.to_person, h.charged, h.text, h.state, h.answered_at, h.answered_by, h.answer,
    h.escalations, h.escalates_at, h.due_at, h.near_at, d.version, d.next_at, d.stuck ->> 'error' as stuck,
    (select count(*)::int from messages m where m.help = h.id or m.answers = h.id) as words,
    (select count(*)::int from alerts a where a.key = 'help ' || h.id) as alerts
  from help_requests h join duties d on d.bucket = h.bucket and d.kind = 'help' and d.id = h.id`
const ofClocks = `select subject_id as id, kind, basis, round, standard, start_at, due_at, due_since, state, outcome, closed_at, stopped_by, gone, fired,
    breach_due_at, breach_fired_at, breach_standing, breach_withdrawn_at, breach_why ->> 'reason' as breach_why
  from clocks where subject_kind = 'duty'`
// Which request a bell rang for stands in what it says of it.
const ofBells = `select h.id, json_agg(json_build_array(n.kind, n.staff) order by n.kind, n.staff) as bells
  from help_requests h join staff_notices n on n.data ->> 'text' in (h.text, h.answer) and n.kind like 'help_%' group by 1`

/** Reads all requests with their clocks and bells. */
export async function readHelp(pool: pg.Pool): Promise<Map<string, HelpRow>> {
  const [help, clocks, bells] = await Promise.all(
    [ofHelp, ofClocks, ofBells].map(async (sql) => (await pool.query<HelpRow & { id: string }>(sql)).rows),
  )
  const rows = new Map(help!.map(({ id, ...row }) => [id, { ...row, clocks: {}, bells: [] } as HelpRow]))
  for (const { id, kind, basis, round, fired, ...clock } of clocks!) {
    const name = nameOf({ kind, basis, round } as { kind: string; basis: string; round: number })
    Object.assign(rows.get(id)!.clocks as object, {
      [name]: { ...clock, fired: inOrder((fired ?? []) as unknown[]) },
    })
  }
  for (const { id, bells: rung } of bells!) rows.get(id)!.bells = inOrder(rung as unknown[])
  return rows
}

const inOrder = (all: readonly unknown[]): unknown[] =>
  [...all].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))

/** What ought to stand of a request, and what ought to have been said of it since. */
export function rowOf(help: Help, said: readonly Said[]): HelpRow {
  return {
    subject: help.subject,
    at: help.at,
    by_staff: help.by.id,
    to_department: help.toDepartment,
    to_person: help.toPerson,
    charged: help.charged,
    text: help.text,
    state: help.state,
    answered_at: help.answeredAt,
    answered_by: help.answeredBy,
    answer: help.answer,
    escalations: help.escalations,
    escalates_at: help.escalatesAt,
    due_at: help.dueAt,
    near_at: help.nearAt,
    version: help.version,
    next_at: help.nextAt,
    stuck: null,
    words: help.answer === null ? 1 : 2,
    alerts: 1,
    clocks: help.clock === null ? {} : { [nameOf(help.clock)]: clockOf(help) },
    bells: inOrder(help.bells),
    said: said
      .map(({ kind, department, standard, clock, basis, level, round, dueAt, at }) =>
        [kind, department, standard, clock, basis, level, help.id, round, dueAt, at].join("|"),
      )
      .sort(),
  }
}

function clockOf({ clock, since, fired, breaches }: Help): object {
  const { standard, startAt, dueAt, state, outcome, closedAt, stoppedBy } = clock!
  const name = nameOf(clock!)
  const breach = breaches.get(name)
  const levels = [...fired].map(([level, { at, firedAt }]) => [level.slice(name.length + 1), at, firedAt])
  return {
    standard,
    start_at: startAt,
    due_at: dueAt,
    due_since: since,
    state,
    outcome,
    closed_at: closedAt,
    stopped_by: stoppedBy,
    gone: false,
    breach_due_at: breach?.dueAt ?? null,
    breach_fired_at: breach?.firedAt ?? null,
    breach_standing: breach?.standing ?? null,
    breach_withdrawn_at: breach?.withdrawnAt ?? null,
    breach_why: breach?.why ?? null,
    fired: inOrder(levels),
  }
}
