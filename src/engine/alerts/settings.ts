import type { Reading } from "../../core/alerts/values.ts"
import type { Instant } from "../../core/instants.ts"
import { type Language, languages } from "../../core/words.ts"
import { findCompany } from "../../store/people.ts"
import { findSetting } from "../../store/settings.ts"
import type { Session } from "../../store/statement.ts"
import type { EngineWorld } from "../world.ts"

/** How the company wants to be alerted. */
export type AlertSettings = {
  /** minutes after which a warning that nobody took goes to the head, by department; `*` for those not named; 0: never */
  escalateMinutes: Record<string, number>
  /** local time of the morning digest; null: none */
  digestAt: string | null
}
const defaults: AlertSettings = { escalateMinutes: { "*": 15 }, digestAt: "09:00" }

/** The settings, the defaults where nobody made any. */
export const alertSettings = async (session: Session): Promise<AlertSettings> => ({
  ...defaults,
  ...(await findSetting<Partial<AlertSettings>>(session, "alerts")),
})
/** After how many minutes a department's warning goes to its head; 0: never. */
export const escalateMinutesOf = ({ escalateMinutes }: AlertSettings, department: string): number =>
  escalateMinutes[department] ?? escalateMinutes["*"] ?? 0

/** The company's mail server; the password is sealed. */
export type MailServer = {
  host: string
  port: number
  /** TLS from the first byte (465); otherwise STARTTLS where the server offers it */
  secure: boolean
  user: string | null
  password: string | null
  from: string
}
/** The mail server, or null where none was named. */
export const mailServer = (session: Session): Promise<MailServer | null> => findSetting(session, "mail")

/** How the company reads: its zone and language. */
export async function readingOf(world: EngineWorld, session: Session, at: Instant): Promise<Reading> {
  const company = await findCompany(session)
  const language = languages.find((each) => each === company?.language) ?? "zh-Hans"
  return { at, zone: company?.timezone ?? world.outside.timezone, language: language satisfies Language }
}
