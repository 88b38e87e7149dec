import type { Instant } from "../instants.ts"
import type { Card, CardLevel } from "./card.ts"

/** Where alerts can go. `mail` is a list of addresses behind the company's mail server. */
export const robotKinds = ["wecom", "dingtalk", "feishu", "mail"] as const
/** One of them. */
export type RobotKind = (typeof robotKinds)[number]

/** The hosts to which a robot of a kind may post (its address must be one of these, over https). */
export const robotHosts: Record<RobotKind, readonly string[]> = {
  wecom: ["qyapi.weixin.qq.com"],
  dingtalk: ["oapi.dingtalk.com"],
  feishu: ["open.feishu.cn", "open.larksuite.com"],
  mail: [],
}

/** How many posts a platform takes within a span, milliseconds (DOMAIN §4). The spans are a little longer than the platform's, since what leaves here evenly may arrive in a bunch. */
const limits: Record<RobotKind, readonly (readonly [most: number, withinMs: number])[]> = {
  wecom: [[20, 61_000]],
  dingtalk: [[20, 61_000]],
  feishu: [
    [5, 1_200],
    [100, 61_000],
  ],
  mail: [[60, 61_000]],
}

/** How many posts a minute a platform takes. */
export const perMinute = (kind: RobotKind): number => limits[kind].at(-1)![0]

/** How many more posts may leave within the minute of an instant, given those that left. */
export const postsLeft = (kind: RobotKind, posted: readonly Instant[], at: Instant): number =>
  perMinute(kind) - stillCounted(kind, posted, at).length

/** The earliest instant from `at` at which one more post may leave. */
export function nextPostAt(kind: RobotKind, posted: readonly Instant[], at: Instant): Instant {
  const latest = [...posted].sort((one, other) => other - one)
  return Math.max(
    at,
    ...limits[kind].map(([most, withinMs]) => {
      const counted = latest[most - 1]
      return counted === undefined ? at : counted + withinMs
    }),
  )
}

/** The posts that still count against a limit. */
export const stillCounted = (kind: RobotKind, posted: readonly Instant[], at: Instant): Instant[] =>
  posted.filter((each) => each > at - limits[kind].at(-1)![1])

/** 飞书 turns robots away at full and half hours, when everybody's timers ring (error 11232); what is not urgent waits for the minute to pass. */
export const isRush = (kind: RobotKind, at: Instant): boolean =>
  kind === "feishu" && Math.floor(at / 60_000) % 30 === 0

// ------------------------------------------------------------------ what is posted

/** The most bytes that a platform takes of one message. */
const bytesMax: Record<RobotKind, number> = { wecom: 4_096, dingtalk: 20_000, feishu: 20_480, mail: 100_000 }

const wecomColour: Record<CardLevel, string> = {
  near: "warning",
  over: "warning",
  unconfirmed: "comment",
  info: "info",
}
const feishuColour: Record<CardLevel, string> = {
  near: "orange",
  over: "red",
  unconfirmed: "yellow",
  info: "blue",
}

/** The body that a group robot posts for a card. `keyword` is the word that the group asks for. Lines are dropped from the end until it fits. */
export function robotBody(
  kind: Exclude<RobotKind, "mail">,
  card: Card,
  keyword: string | null,
): Record<string, unknown> {
  for (let lines = card.lines; ; lines = lines.slice(0, -1)) {
    const body = bodies[kind]({ ...card, lines }, wanting(keyword, { ...card, lines }))
    if (lines.length === 0 || byteLength(JSON.stringify(body)) <= bytesMax[kind] - 512) return body
  }
}

/** The keyword when the card does not hold it. */
const wanting = (keyword: string | null, card: Card): string[] =>
  keyword !== null && !`${card.title}${card.lines.join("")}`.includes(keyword) ? [keyword] : []

const bodies: Record<Exclude<RobotKind, "mail">, (card: Card, more: string[]) => Record<string, unknown>> = {
  wecom: (card, more) => ({
    msgtype: "markdown",
    markdown: {
      content: [
        `**<font color="${wecomColour[card.level]}">${plain(card.title)}</font>**`,
        ...[...card.lines, ...more].map((line) => `> ${plain(line)}`),
        ...[card.open, card.take].flatMap((link) => (link ? [`[${link.says}](${link.url})`] : [])),
      ].join("\n"),
    },
  }),
  dingtalk: (card, more) => {
    const text = [`#### ${plain(card.title)}`, ...[...card.lines, ...more].map((line) => plain(line))].join(
      "\n\n",
    )
    const buttons = [card.open, card.take].flatMap((link) =>
      link ? [{ title: link.says, actionURL: link.url }] : [],
    )
    return buttons.length > 0
      ? { msgtype: "actionCard", actionCard: { title: card.phone, text, btnOrientation: "1", btns: buttons } }
      : { msgtype: "markdown", markdown: { title: card.phone, text } }
  },
  feishu: (card, more) => ({
    msg_type: "interactive",
    card: {
      config: { wide_screen_mode: true },
      header: {
        template: feishuColour[card.level],
        title: { tag: "plain_text", content: card.title },
      },
      elements: [
        { tag: "div", text: { tag: "plain_text", content: [...card.lines, ...more].join("\n") } },
        ...(card.open
          ? [
              {
                tag: "action",
                actions: [card.open, card.take].flatMap((link, i) =>
                  link
                    ? [
                        {
                          tag: "button",
                          text: { tag: "plain_text", content: link.says },
                          type: i === 0 ? "primary" : "default",
                          url: link.url,
                        },
                      ]
                    : [],
                ),
              },
            ]
          : []),
      ],
    },
  }),
}

/** Text that no platform takes for markup: names of shops and goods come from outside. */
const plain = (text: string): string => text.replace(/[<>[\]*`#|\\]/g, " ").replace(/ {2,}/g, " ")

const byteLength = (text: string): number => {
  let n = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    n += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return n
}

// ------------------------------------------------------------------ what the platform answers

/** Why a platform will not take a message however often it is sent: our word, for which pages have a sentence that says how to mend it. */
export type RefusedWhy = "sign" | "keyword" | "address" | "gone" | "stopped" | "size" | "form"
/** How a post ended. */
export type Verdict =
  | { how: "sent" }
  /** too many at once: the robot rests */
  | { how: "busy"; restMs: number; code: string; message: string }
  /** nobody knows, or the platform stumbled: the same again later */
  | { how: "again"; why: "unreachable" | "stumbled"; code: string; message: string }
  | { how: "refused"; why: RefusedWhy; code: string; message: string }

/** The codes of a platform that are no success, each with what it means; a text decides where one code means several things. */
const meanings: Record<
  Exclude<RobotKind, "mail">,
  Partial<Record<string, RefusedWhy | "busy" | ((m: string) => RefusedWhy)>>
> = {
  wecom: {
    "45009": "busy",
    "93000": "gone",
    "93004": "stopped",
    "93008": "gone",
    "40058": "form",
    "45002": "size",
    "40035": "form",
  },
  dingtalk: {
    "130101": "busy",
    "410100": "busy",
    "302033": "busy",
    "660026": "busy",
    "300001": "gone",
    "300005": "gone",
    "400101": "gone",
    "400013": "gone",
    "400102": "stopped",
    "460101": "size",
    "400105": "form",
    "310000": (message) =>
      /keyword|关键词/i.test(message)
        ? "keyword"
        : /whitelist|\bip\b|白名单/i.test(message)
          ? "address"
          : "sign",
  },
  feishu: {
    "11232": "busy",
    "11233": "busy",
    "19021": "sign",
    "19022": "address",
    "19024": "keyword",
    "19001": "gone",
    "19005": "stopped",
    "19002": "form",
    "19036": "size",
    "11246": "form",
  },
}

/** How long a robot rests after the platform said that it was too much: 钉钉 shuts it out for ten minutes. */
const restMs: Record<RobotKind, number> = {
  wecom: 61_000,
  dingtalk: 10 * 60_000,
  feishu: 10_000,
  mail: 61_000,
}

/** Reads what a platform answered: its status and its JSON, null when there was none. */
export function readAnswer(
  kind: Exclude<RobotKind, "mail">,
  status: number,
  body: Record<string, unknown> | null,
): Verdict {
  const code = String(body?.errcode ?? body?.code ?? body?.StatusCode ?? "")
  const message = String(body?.errmsg ?? body?.msg ?? body?.StatusMessage ?? "").slice(0, 300)
  if (status === 429) return { how: "busy", restMs: restMs[kind], code: code || "429", message }
  if (status >= 500) return { how: "again", why: "stumbled", code: code || String(status), message }
  if (body === null)
    return status === 404 || status === 410
      ? { how: "refused", why: "gone", code: String(status), message }
      : { how: "again", why: "stumbled", code: String(status), message }
  if (code === "0") return { how: "sent" }
  if (kind === "feishu" && code === "9499")
    return /too many|frequency|limit/i.test(message)
      ? { how: "busy", restMs: restMs[kind], code, message }
      : { how: "refused", why: "form", code, message }
  const meaning = meanings[kind][code]
  if (meaning === "busy") return { how: "busy", restMs: restMs[kind], code, message }
  if (meaning !== undefined)
    return { how: "refused", why: typeof meaning === "function" ? meaning(message) : meaning, code, message }
  return { how: "again", why: "stumbled", code, message }
}

/** How often a message is tried. */
export const triesMax = 5
/** The wait after a failed try: 10 s, then doubling. */
export const backOffMs = (tries: number): number => 10_000 * 2 ** Math.max(0, tries - 1)

/** An address as it may be shown: the host and the end of the path, never the key whole. */
export function maskAddress(kind: RobotKind, address: string): string {
  if (kind === "mail") return address
  const found = /^https?:\/\/([^/?#]+)([^?#]*)(?:\?(.*))?$/.exec(address)
  if (!found) return "…"
  const [, host = "", path = "", query = ""] = found
  const key = query === "" ? path.split("/").at(-1)! : query.split("=").at(-1)!
  const way = query === "" ? path.split("/").at(-2)! : path.split("/").at(-1)!
  return `${host}/…/${way}/${key.slice(0, 4)}…`
}
