/** What a channel, or one shop of it, is like (CLOCKS §5); each setting is looked up by itself. */
export type ChannelSettings = {
  facts?: string[]
  platformStop?: "shipped" | "collected"
  mode?: "live" | "batch"
  graceMs?: number
}
/** Settings by `channel/shop` or `channel`. */
export type Settings = { channels?: Record<string, ChannelSettings> }

/** The settings that hold for one shop, none missing. */
export type ShopSettings = Required<ChannelSettings>

const defaults: ShopSettings = {
  facts: [
    "created",
    "deposit_paid",
    "paid",
    "prepared",
    "shipped",
    "collected",
    "delivered",
    "cancelled",
    "refunded",
  ],
  platformStop: "shipped",
  mode: "live",
  graceMs: 24 * 60 * 60_000,
}

/** Each setting under `channel/shop`, else under `channel`, else the default. */
export function shopSettings(settings: Settings, channel: string, shop: string): ShopSettings {
  const own = settings.channels?.[`${channel}/${shop}`] ?? {}
  const whole = settings.channels?.[channel] ?? {}
  return {
    facts: own.facts ?? whole.facts ?? defaults.facts,
    platformStop: own.platformStop ?? whole.platformStop ?? defaults.platformStop,
    mode: own.mode ?? whole.mode ?? defaults.mode,
    graceMs: own.graceMs ?? whole.graceMs ?? defaults.graceMs,
  }
}
