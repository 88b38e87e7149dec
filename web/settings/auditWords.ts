const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}$/
const kinds = [
  "import",
  "policy",
  "channel_settings",
  "handover",
  "staff",
  "warehouse",
  "partner",
  "backup",
  "customer",
]

/** What a row of the audit trail is about, in people's words: numbers and names as they are, ids that nobody reads not at all. */
export function saySubject(subject: string, t: (key: string, values?: { id: string }) => string): string {
  const say = (kind: string, id = "") => t(`settings.audit.of.${kind}`, { id }).trim()
  if (uuid.test(subject)) return say("batch")
  if (["company", "roster", "engine"].includes(subject)) return say(subject)
  const many = /^(\d+) (cases|levels|orders)$/.exec(subject)
  if (many) return say(many[2]!, many[1])
  const [kind, id, more] = subject.split("/")
  if (id === undefined || more !== undefined || !kinds.includes(kind!)) return subject
  return say(kind!, uuid.test(id) ? "" : id)
}

const nobody = ["engine", "nightly", "command line", "daily list", "retention"]

/** Who did what a row of the audit trail tells: a person by their name, a key as one, and what the system does by itself in people's words. */
export function sayWho(who: string, t: (key: string, values?: { name: string }) => string): string {
  if (nobody.includes(who)) return t(`settings.audit.by.${who}`)
  return who.startsWith("key ") ? t("settings.audit.by.key", { name: who.slice("key ".length) }) : who
}
