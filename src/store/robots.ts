import type { RobotKind } from "../core/alerts/robots.ts"
import type { Instant } from "../core/instants.ts"
import { run, type Session, statement } from "./statement.ts"

/** A group's robot, or a list of mail addresses; its address and secret are sealed. */
export type Robot = {
  id: string
  kind: RobotKind
  name: string
  department: string
  /** the cards it gets; empty: all */
  codes: string[]
  /** only what lies there; empty: everything */
  warehouses: string[]
  address: Buffer
  shown: string
  secret: Buffer | null
  secretAt: Instant | null
  keyword: string | null
  quietFrom: string | null
  quietTo: string | null
  active: boolean
  posted: Instant[]
  blockedUntil: Instant | null
}

const at = (place: number) => `to_timestamp($${place}::float8 / 1000)`
const fields = `r.id, r.kind, r.name, r.department, r.codes, r.warehouses, r.address, r.shown, r.secret, r.secret_at as "secretAt",
  r.keyword, r.quiet_from as "quietFrom", r.quiet_to as "quietTo", r.active, r.posted, r.blocked_until as "blockedUntil"`

const list = statement("robots.list", `select ${fields} from robots r order by r.created_at, r.id`)
const find = statement("robots.find", `select ${fields} from robots r where r.id = $1`)
const save = statement(
  "robots.save",
  `insert into robots (id, kind, name, department, codes, warehouses, address, shown, secret, secret_at, keyword, quiet_from, quiet_to, active, created_at, changed_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, ${at(10)}, $11, $12, $13, $14, ${at(15)}, ${at(15)})
   on conflict (id) do update set name = excluded.name, department = excluded.department, codes = excluded.codes,
     warehouses = excluded.warehouses, address = excluded.address, shown = excluded.shown, secret = excluded.secret,
     secret_at = excluded.secret_at, keyword = excluded.keyword, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
     active = excluded.active, changed_at = excluded.changed_at`,
)
const drop = statement("robots.drop", "delete from robots where id = $1")
const forCard = statement(
  "robots.for_card",
  `select ${fields} from robots r where r.active and r.department = any($1::text[]) and (cardinality(r.codes) = 0 or $2 = any(r.codes))
   order by r.created_at, r.id`,
)

const hold = statement("robots.hold", "lock table robots in share row exclusive mode")
/** Whoever adds a robot does so one after the other, so that the same added at once is one. */
export const holdRobots = (tx: Session): Promise<unknown[]> => run(tx, hold)
/** All robots, in the order in which they were added. */
export const listRobots = (session: Session): Promise<Robot[]> => run(session, list)
/** A robot by its id. */
export const findRobot = async (session: Session, id: string): Promise<Robot | undefined> =>
  (await run<Robot>(session, find, [id]))[0]
/** Adds or changes a robot. */
export const saveRobot = (
  tx: Session,
  robot: Omit<Robot, "posted" | "blockedUntil">,
  now: Instant,
): Promise<unknown[]> =>
  run(tx, save, [
    robot.id,
    robot.kind,
    robot.name,
    robot.department,
    robot.codes,
    robot.warehouses,
    robot.address,
    robot.shown,
    robot.secret,
    robot.secretAt,
    robot.keyword,
    robot.quietFrom,
    robot.quietTo,
    robot.active,
    now,
  ])
/** Takes a robot away, with what it sent. */
export const dropRobot = (tx: Session, id: string): Promise<unknown[]> => run(tx, drop, [id])
/** The robots of some departments that get a card. */
export const robotsFor = (session: Session, departments: readonly string[], code: string): Promise<Robot[]> =>
  run(session, forCard, [departments, code])

// ------------------------------------------------------------------ the limit that all processes keep together

const claim = statement(
  "robots.claim",
  `select ${fields} from robots r where r.active and coalesce(r.blocked_until, '-infinity') <= ${at(1)} and not r.id = any($2::uuid[])
     and exists (select from deliveries d where d.robot = r.id and d.state in ('waiting', 'sending') and d.due_at <= ${at(1)})
     and not exists (select from deliveries d where d.robot = r.id and d.state = 'sending' and d.due_at > ${at(1)})
   order by r.posted[1] nulls first limit 1 for no key update skip locked`,
)
const post = statement("robots.post", "update robots set posted = $2::float8[] where id = $1")
const rest = statement("robots.rest", `update robots set blocked_until = ${at(2)} where id = $1`)

/** Holds a robot that has something to send and is not sending; `aside` are those that were looked at. One post of a robot is under way at a time, so what it says comes in order. */
export const claimRobot = async (
  tx: Session,
  now: Instant,
  aside: readonly string[],
): Promise<Robot | undefined> => (await run<Robot>(tx, claim, [now, aside]))[0]
/** Writes the posts of a robot that count against its limit. */
export const notePosts = (tx: Session, id: string, posted: readonly Instant[]): Promise<unknown[]> =>
  run(tx, post, [id, posted])
/** Lets a robot rest until an instant. */
export const restRobot = (tx: Session, id: string, until: Instant): Promise<unknown[]> =>
  run(tx, rest, [id, until])
