import type pg from "pg"
import type { IncidentAct, Standing } from "./incident.ts"

/** What stands of an act of an incident. */
export type ActRow = {
  seq: number
  at: number
  act: string
  by: string | null
  cases: string[] | null
  done: number
  refused: number
  state: IncidentAct["state"]
  /** to whom it gave the incident */
  got: string | null
  actId: string | null
}
/** What stands of an incident; `opening`: how it was named at first. */
export type IncidentRow = { id: string; n: number; opening: string; standing: Standing; acts: ActRow[] }

const ofIncidents = `select i.id, i.n, i.version, i.title, i.state, i.cause, i.department, i.owner, i.eta_at, i.eta_changes, i.analysis, i.plan, i.told,
    i.closed_at, i.seq,
    (select json_agg(json_build_object('seq', a.seq, 'at', round(extract(epoch from a.at) * 1000), 'act', a.act, 'by', a.by_staff, 'cases', a.cases,
       'done', a.done, 'refused', a.refused, 'state', a.state, 'got', a.data ->> 'person', 'title', a.data -> 'before' ->> 'title',
       'actId', (select d.act_id from acts d where d.subject = a.incident and d.answer ->> 'seq' = a.seq::text)) order by a.seq)
     from incident_acts a where a.incident = i.id) as acts
  from incidents i order by i.n`

/** Reads all incidents with their acts. */
export async function readIncidents(pool: pg.Pool): Promise<IncidentRow[]> {
  const { rows } = await pool.query(ofIncidents)
  return rows.map(({ id, n, acts, ...row }) => ({
    id,
    n,
    acts,
    opening: (acts as { title: string | null }[]).find(({ title }) => title !== null)?.title ?? row.title,
    standing: {
      version: row.version,
      title: row.title,
      state: row.state,
      cause: row.cause,
      department: row.department,
      owner: row.owner,
      etaAt: row.eta_at,
      etaChanges: row.eta_changes,
      analysis: row.analysis && { cause: row.analysis.cause, text: row.analysis.text },
      plan: row.plan && { etaAt: row.plan.etaAt, reason: row.plan.reason },
      told: row.told?.text ?? null,
      closedAt: row.closed_at,
    },
  }))
}
