import type { Calendar } from "../core/calendars.ts"
import type { Instant } from "../core/instants.ts"
import { compileRules, type Rules } from "../core/judge.ts"
import { defaultPolicy, type Policy } from "../core/policy.ts"
import { Refusal } from "../core/refusals.ts"
import type { ChannelSettings, Settings } from "../core/settings.ts"
import { run, type Session, statement } from "./statement.ts"

const numbers = statement(
  "rules.numbers",
  `select coalesce((select max(number) from channel_settings), 0) as settings,
     coalesce((select max(version) from policies), 0) as policy,
     (select max(published_at) from policies) as published, (select count(*)::int from calendars) as calendars`,
)
const listPolicies = statement(
  "policies.list",
  "select document from policies where published_at is not null order by version",
)
const listCalendars = statement(
  "calendars.list",
  "select distinct on (name) name, document from calendars order by name, version desc",
)
const oneSettings = statement(
  "channel_settings.one",
  "select document from channel_settings where number = $1",
)
const addSettings = statement(
  "channel_settings.add",
  `insert into channel_settings (number, document, changed_at, by_whom) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000), $4)`,
)
const addPolicy = statement(
  "policies.add",
  `insert into policies (version, document, published_at, by_whom, reason)
   values ($1, $2::jsonb, to_timestamp($3::float8 / 1000), $4, $5) on conflict do nothing`,
)

/** The rules in force, by the number of the channel settings an order is judged with. */
export type RuleBook = {
  /** number of the newest channel settings; 0: none were made yet, the defaults hold */
  settings: number
  /** changes whenever a version or a calendar is added */
  edition: string
  channels: Record<string, ChannelSettings>
  policies: readonly Policy[]
  versions: ReadonlySet<number>
  rules(settings: number): Rules
  /** the same rules with settings of channels more, under a number of their own: for looking ahead */
  with(channels: Record<string, ChannelSettings>): RuleBook
}

/** Answers the rules as a transaction sees them; read again only when a number has changed. */
export class RuleShelf {
  #stamp = ""
  #book: RuleBook | null = null
  readonly #older = new Map<number, Settings>()

  async read(session: Session): Promise<RuleBook> {
    const [now] = await run<{
      settings: number
      policy: number
      published: Instant | null
      calendars: number
    }>(session, numbers)
    const edition = `${now!.policy}.${now!.published}.${now!.calendars}`
    const stamp = `${now!.settings} ${edition}`
    if (this.#book === null || this.#stamp !== stamp) {
      this.#book = await this.#load(session, now!.settings, edition)
      this.#stamp = stamp
    }
    return this.#book
  }

  async #load(session: Session, newest: number, edition: string): Promise<RuleBook> {
    const policies = (await run<{ document: Policy }>(session, listPolicies)).map((row) => row.document)
    const calendars: Record<string, Calendar> = Object.fromEntries(
      (await run<{ name: string; document: Calendar }>(session, listCalendars)).map((row) => [
        row.name,
        row.document,
      ]),
    )
    const all = await run<{ number: number; document: Settings }>(session, everySettings)
    for (const { number, document } of all) this.#older.set(number, document)
    const compiled = new Map<number, Rules>()
    const channels = this.#older.get(newest)?.channels ?? {}
    const book: RuleBook = {
      settings: newest,
      edition,
      channels,
      policies,
      versions: new Set(policies.map((each) => each.version)),
      rules: (number) => {
        let found = compiled.get(number)
        if (!found) {
          found = compileRules({ policies, calendars, settings: this.#older.get(number) ?? {} })
          compiled.set(number, found)
        }
        return found
      },
      with: (more) => {
        const settings = { channels: { ...channels, ...more } }
        const ahead = compileRules({ policies, calendars, settings })
        const rules = (number: number) => (number === newest + 1 ? ahead : book.rules(number))
        return { ...book, ...settings, settings: newest + 1, rules }
      },
    }
    return book
  }
}

const everySettings = statement(
  "channel_settings.list",
  "select number, document from channel_settings order by number",
)

/** Settings under a number. */
export async function findSettings(session: Session, number: number): Promise<Settings> {
  return (await run<{ document: Settings }>(session, oneSettings, [number]))[0]?.document ?? {}
}

/** The newest settings with their number; 0 while there are none. */
export async function findNewestSettings(session: Session): Promise<{ number: number; settings: Settings }> {
  const [now] = await run<{ settings: number }>(session, numbers)
  return { number: now!.settings, settings: await findSettings(session, now!.settings) }
}

/** Numbers new channel settings: the newest with some of them changed, or taken away (null); answers their number. */
export async function changeSettings(
  tx: Session,
  channels: Record<string, ChannelSettings | null>,
  by: { who: string; at: Instant },
): Promise<number> {
  await run(tx, lockSettings)
  const [now] = await run<{ settings: number }>(tx, numbers)
  const before = await findSettings(tx, now!.settings)
  const next = now!.settings + 1
  const kept = Object.entries({ ...before.channels, ...channels }).filter(
    (each): each is [string, ChannelSettings] => each[1] !== null,
  )
  const document: Settings = { channels: Object.fromEntries(kept) }
  await run(tx, addSettings, [next, JSON.stringify(document), by.at, by.who])
  return next
}
const lockSettings = statement(
  "channel_settings.lock",
  "lock table channel_settings in share row exclusive mode",
)

/** Publishes the policy that a company starts with, where there is none. */
export async function seedPolicy(tx: Session, at: Instant): Promise<void> {
  await run(tx, addPolicy, [defaultPolicy.version, JSON.stringify(defaultPolicy), at, null, null])
}

const newest = statement(
  "policies.newest",
  "select document from policies where published_at is not null order by version desc limit 1",
)
const lock = statement("policies.lock", "lock table policies in share row exclusive mode")
/** Lets nobody else publish until the transaction ends. */
export const lockPolicies = async (tx: Session): Promise<void> => void (await run(tx, lock))
const rewrite = statement(
  "policies.replace",
  "update policies set document = $2::jsonb, published_at = to_timestamp($3::float8 / 1000) where version = $1",
)
/** The policy version with the greatest number. */
export const newestPolicy = async (session: Session): Promise<Policy> =>
  (await run<{ document: Policy }>(session, newest))[0]!.document
/** Publishes a new version. Throws when its number is taken. */
export async function publishPolicy(
  tx: Session,
  policy: Policy,
  at: Instant,
  by: { who: string; reason: string | null },
): Promise<void> {
  await lockPolicies(tx)
  if ((await newestPolicy(tx)).version >= policy.version) throw new Refusal("stale_version")
  await run(tx, addPolicy, [policy.version, JSON.stringify(policy), at, by.who, by.reason])
}

/** A version of the policy with who published it when, and why. */
export type PublishedPolicy = {
  document: Policy
  publishedAt: Instant
  byWhom: string | null
  reason: string | null
}
const history = statement(
  "policies.history",
  `select document, published_at as "publishedAt", by_whom as "byWhom", reason from policies
   where published_at is not null order by version desc limit $1`,
)
/** The versions of the policy, the newest first. */
export const listPublished = (session: Session, most: number): Promise<PublishedPolicy[]> =>
  run(session, history, [most])
/** Writes a version anew; only for the first, while no order was judged by it. */
export async function replacePolicy(tx: Session, policy: Policy, at: Instant): Promise<void> {
  await lockPolicies(tx)
  await run(tx, rewrite, [policy.version, JSON.stringify(policy), at])
}

// ------------------------------------------------------------------ shops

/** A shop that was heard of. */
export type StoredShop = {
  channel: string
  shop: string
  firstHeardAt: Instant
  receivedAt: Instant
  toldAt: Instant | null
}

const hear = statement(
  "shops.hear",
  `insert into shops (channel, shop, first_heard_at, received_at, told_at)
   select k.channel, k.shop, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000), to_timestamp(k.told / 1000)
   from unnest($1::text[], $2::text[], $3::float8[]) as k(channel, shop, told) order by k.channel, k.shop
   on conflict (channel, shop) do update set received_at = greatest(shops.received_at, excluded.received_at),
     told_at = greatest(shops.told_at, excluded.told_at)`,
)
/** Notes that shops were heard of at an instant, and the greatest telling. */
export async function hearShops(
  session: Session,
  heard: readonly { channel: string; shop: string; toldAt: Instant }[],
  at: Instant,
): Promise<void> {
  if (heard.length === 0) return
  const list = (values: readonly string[]) => values as string[]
  await run(session, hear, [
    list(heard.map((each) => each.channel)),
    list(heard.map((each) => each.shop)),
    heard.map((each) => each.toldAt),
    at,
  ])
}
const shops = statement(
  "shops.list",
  `select channel, shop, first_heard_at as "firstHeardAt", received_at as "receivedAt", told_at as "toldAt" from shops order by channel, shop`,
)
/** The shops that were heard of. */
export const listShops = (session: Session): Promise<StoredShop[]> => run(session, shops)

/** The shops that were heard of, and those that the settings name before anything was heard of them. */
export async function listNamedShops(session: Session): Promise<{ channel: string; shop: string }[]> {
  const { settings } = await findNewestSettings(session)
  const keys = new Set([
    ...(await listShops(session)).map(({ channel, shop }) => `${channel}/${shop}`),
    ...Object.keys(settings.channels ?? {}).filter((key) => key.includes("/")),
  ])
  return [...keys].map((key) => {
    const slash = key.indexOf("/")
    return { channel: key.slice(0, slash), shop: key.slice(slash + 1) }
  })
}
