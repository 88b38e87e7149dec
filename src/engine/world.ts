import type { Instant } from "../core/instants.ts"
import type { Database } from "../store/database.ts"
import type { RuleBook } from "../store/rules.ts"
import type { Secrets } from "../store/secrets.ts"
import type { Session } from "../store/statement.ts"
import type { Shelf } from "./attachments/shelf.ts"
import type { Hearing } from "./hearing.ts"
import type { Jobs } from "./jobs.ts"

export type { RuleBook } from "../store/rules.ts"

/** What changed, as a hint to whoever shows or waits; nothing rests on it. `more`: other orders than those named changed too; `engines`: one came or went. */
export type Change = {
  orders?: string[]
  cases?: string[]
  /** numbers of incidents */
  incidents?: string[]
  nextAt?: Instant | null
  board?: boolean
  more?: boolean
  engines?: boolean
  /** ids of staff whose bell rang */
  staff?: readonly string[]
  /** an alert was taken, ended or sent */
  alerts?: boolean
}

/** Where the company is reached, and whom it may reach. */
export type Outside = {
  /** what links point to, without a slash at the end */
  url: string
  /** hosts, with their port where they have one, to which robots may post beside those of the platforms */
  alertHosts: readonly string[]
  /** zone of a company that has not named one */
  timezone: string
}

/** All that an act needs of the world outside. In tests the clock is turned by hand. */
export type EngineWorld = {
  db: Database
  secrets: Secrets
  /** the instant of this transaction: the database's clock, read after the locks */
  instant(tx: Session): Promise<Instant>
  /** the rules as this transaction sees them */
  ruleBook(tx: Session): Promise<RuleBook>
  /** when shops were last heard of */
  hearing: Hearing
  /** where the bytes of files lie */
  shelf: Shelf
  /** everything queued that is no deadline */
  jobs: Jobs
  outside: Outside
  /** called after a commit */
  changed(change: Change): void
}
