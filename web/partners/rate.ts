/** How often a partner was late in the last 30 days, as words. */
export function rateOf(
  t: (key: string, values?: Record<string, unknown>) => string,
  { met, late }: { met: number; late: number },
): string {
  const judged = met + late
  if (judged === 0) return t("partners.noRate")
  return t("partners.rate", { percent: (Math.round((1000 * late) / judged) / 10).toFixed(1) })
}
