type Say = (key: string, values?: Record<string, unknown>) => string

/** A limit as people say it: 30 minutes, 2 hours, 1 day. */
export const sayLimit = (minutes: number, t: Say): string =>
  minutes >= 1440 && minutes % 1440 === 0
    ? t("policy.span.days", { n: minutes / 1440 })
    : minutes >= 60 && minutes % 30 === 0
      ? t("policy.span.hours", { n: minutes / 60 })
      : t("policy.span.minutes", { n: minutes })
