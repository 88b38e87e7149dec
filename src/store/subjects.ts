import { incidentPlace } from "./incidents.ts"
import { caseNumber, readCaseNumber } from "./keys.ts"
import { run, type Session, statement } from "./statement.ts"

/** What words, files and requests hang on: a case or an incident, by its number, with whose it is. */
export type Subject = {
  kind: "case" | "incident"
  bucket: number
  number: string
  /** the incident's id */
  incident: string | null
  department: string | null
  assignee: string | null
}

const ofCase = statement(
  "subjects.case",
  "select department, assignee::text as assignee from cases where bucket = $1 and n = $2",
)
const ofIncident = statement(
  "subjects.incident",
  "select id, n, department, owner::text as assignee from incidents where n = $1",
)

type Held = { department: string | null; assignee: string | null }

/** The case or incident of a number (`C-7K2F`, `I-84`); null where there is none. */
export async function findSubject(session: Session, number: string): Promise<Subject | null> {
  const incident = /^I-?(\d{1,9})$/i.exec(number.trim())
  if (incident) {
    const [found] = await run<Held & { id: string; n: number }>(session, ofIncident, [Number(incident[1])])
    if (!found) return null
    const { id, n, department, assignee } = found
    const { bucket, subject } = incidentPlace({ n })
    return { kind: "incident", bucket, number: subject, incident: id, department, assignee }
  }
  const place = readCaseNumber(number)
  const [found] = place ? await run<Held>(session, ofCase, [place.bucket, place.n]) : []
  if (!place || !found) return null
  return {
    kind: "case",
    bucket: place.bucket,
    number: caseNumber(place.n, place.bucket),
    incident: null,
    ...found,
  }
}

/** The page of a case or an incident, without the host. */
export const pathOfSubject = (number: string): string =>
  `/cases/${number.startsWith("I-") ? "incidents/" : ""}${number}`

const named = statement(
  "subjects.named",
  `select exists (select from messages m where m.bucket = $1 and m.subject = $2
       and (m.mentions -> 'people' ? $3 or m.mentions -> 'departments' ?| $4::text[]))
     or exists (select from help_requests h where h.subject = $2
       and (h.to_person::text = $3 or h.to_department = any($4::text[]) or h.escalations @> jsonb_build_array(jsonb_build_object('to', $3)))) as named`,
)
/** Whether somebody, or a department of theirs, was named in a thread or asked for help: they then see what it is about. */
export const isNamed = async (
  session: Session,
  { bucket, number }: Pick<Subject, "bucket" | "number">,
  who: { staff: string | null; departments: readonly string[] },
): Promise<boolean> =>
  (await run<{ named: boolean }>(session, named, [bucket, number, who.staff ?? "", who.departments]))[0]!
    .named
