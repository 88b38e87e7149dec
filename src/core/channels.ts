import type { ChannelSettings } from "./settings.ts"

/** A channel as companies of this trade sell on it, with the settings that are proposed; the words lie with the pages. */
export type KnownChannel = {
  id: string
  /** what its shops are proposed to be like when their orders come by push, and when they come by file */
  live: Required<Pick<ChannelSettings, "facts" | "platformStop">>
  batch: Required<Pick<ChannelSettings, "facts" | "platformStop">>
}

const until = (last: "shipped" | "collected" | "delivered"): string[] => {
  const steps = ["paid", "prepared", "shipped", "collected", "delivered"]
  return ["created", ...steps.slice(0, steps.indexOf(last) + 1), "cancelled", "refunded"]
}
/** Files tell of the hand-over at most; a platform that counts the first scan is judged by it once scans come. */
const filed: KnownChannel["batch"] = {
  facts: ["created", "paid", "shipped", "delivered", "cancelled", "refunded"],
  platformStop: "shipped",
}

/** The channels that are offered, those whose platform counts the carrier's first scan (抖店, 天猫, 淘宝) told so. */
export const knownChannels: readonly KnownChannel[] = [
  {
    id: "douyin",
    live: { facts: until("delivered"), platformStop: "collected" },
    batch: { ...filed, platformStop: "collected" },
  },
  {
    id: "tmall",
    live: { facts: until("delivered"), platformStop: "collected" },
    batch: { ...filed, platformStop: "collected" },
  },
  {
    id: "taobao",
    live: { facts: until("delivered"), platformStop: "collected" },
    batch: { ...filed, platformStop: "collected" },
  },
  { id: "kuaishou", live: { facts: until("delivered"), platformStop: "shipped" }, batch: filed },
  { id: "pinduoduo", live: { facts: until("delivered"), platformStop: "shipped" }, batch: filed },
  { id: "wechat_shop", live: { facts: until("delivered"), platformStop: "shipped" }, batch: filed },
  { id: "xiaohongshu", live: { facts: until("delivered"), platformStop: "shipped" }, batch: filed },
  { id: "own", live: { facts: until("delivered"), platformStop: "shipped" }, batch: filed },
]

/** The steps that a channel may tell of, in their order. */
export const toldSteps = ["prepared", "shipped", "collected", "delivered"] as const
