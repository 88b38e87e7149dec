import { run, type Session, statement } from "./statement.ts"

const byNumber = statement("incidents.id_of", "select id from incidents where n = $1 or id = $2")

/** The id of an incident by its number `I-84` or its id. */
export async function findIncidentId(session: Session, text: string): Promise<string | null> {
  const number = /^I-?(\d{1,9})$/i.exec(text.trim())
  const id = /^[0-9a-f-]{36}$/i.test(text) ? text : null
  if (number === null && id === null) return null
  return (
    (await run<{ id: string }>(session, byNumber, [number ? Number(number[1]) : null, id]))[0]?.id ?? null
  )
}
