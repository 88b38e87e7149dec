import { Button } from "antd"
import { Download, Settings2 } from "lucide-react"
import { useState } from "react"
import type { BackupsView } from "../../src/api/contract/backups.ts"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { say, sayDate } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { BackupSettings } from "./BackupSettings.tsx"
import { isBusy, useBackupActs, useBackups } from "./queries.ts"
import "./backups.css"

const dayMs = 24 * 60 * 60_000

/** Backups: when the last one was made and tried, its size, the nights that are kept, one now, the file for the owner. */
export function Backups() {
  const { t } = useWords()
  const { may } = useWho()
  const backups = useBackups()
  if (!may("read", "settings")) return null
  return (
    <section className="backups">
      {backups.isPending ? (
        <Skeleton rows={3} />
      ) : backups.data === undefined ? (
        <ErrorState error={backups.error} onRetry={() => void backups.refetch()} />
      ) : (
        <Kept view={backups.data} title={t("backups.title")} />
      )}
    </section>
  )
}

function Kept({ view, title }: { view: BackupsView; title: string }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { me, may } = useWho()
  const problem = useProblem()
  const { make, attempt } = useBackupActs()
  const [settling, setSettling] = useState(false)
  const last = view.items.find(({ by }) => by !== "restore")
  const told = { language, zone }
  const isOwner = me.roles.some(({ role }) => role === "owner")
  const busy = isBusy(view)
  return (
    <>
      <header className="row">
        <h2>{title}</h2>
        <span className="t3 s grow">
          {last
            ? t("backups.last", {
                at: say(Date.parse(last.madeAt), now, told),
                s: (last.tookMs / 1000).toFixed(0),
                mb: (last.bytes / 2 ** 20).toFixed(1),
              })
            : t("backups.none")}
        </span>
        {isOwner && (
          <button
            type="button"
            className="icon-button"
            aria-label={t("backups.settings.title")}
            onClick={() => setSettling(true)}
          >
            <Settings2 size={15} strokeWidth={1.75} />
          </button>
        )}
      </header>
      <Nights view={view} now={now} />
      <p className="t2">
        {view.failure
          ? t("backups.failed", {
              at: say(Date.parse(view.failure.at), now, told),
              error: view.failure.error,
            })
          : last
            ? t(`backups.tried.${last.tried ?? "not"}`, {
                at: last.triedAt ? say(Date.parse(last.triedAt), now, told) : "",
                days: view.keepDays,
                n: view.items.filter(({ here }) => here).length,
              })
            : t("backups.means", { hour: String(view.hour).padStart(2, "0"), days: view.keepDays })}
      </p>
      <p className="t3 s">
        {t("backups.key", { keyId: view.keyId })} <code>{view.folder}</code>
      </p>
      {[make.error, attempt.error].map(
        (error) =>
          error && (
            <p key={String(error)} className="over s">
              {problem(error).title}
            </p>
          ),
      )}
      <div className="row backups-acts">
        {may("act", "settings") && (
          <Button size="small" loading={busy || make.isPending} onClick={() => make.mutate()}>
            {t(busy ? "backups.making" : "backups.make")}
          </Button>
        )}
        {may("act", "settings") && last?.here && !busy && (
          <Button size="small" loading={attempt.isPending} onClick={() => attempt.mutate(last.id)}>
            {t("backups.try")}
          </Button>
        )}
        {isOwner && last?.here && !busy && (
          <Button size="small" icon={<Download size={13} />} href={`/api/v1/backups/${last.id}/file`}>
            {t("backups.download")}
          </Button>
        )}
      </div>
      {settling && <BackupSettings view={view} onClose={() => setSettling(false)} />}
    </>
  )
}

/** A box a night that is kept; one that was read back whole has a green edge, one that is missing is empty. */
function Nights({ view, now }: { view: BackupsView; now: number }) {
  const { t, language } = useWords()
  const zone = useZone()
  const shown = Math.min(view.keepDays, 14)
  const nights = Array.from({ length: shown }, (_, i) => {
    const to = now - (shown - 1 - i) * dayMs
    const made = view.items.filter(({ madeAt }) => {
      const at = Date.parse(madeAt)
      return at > to - dayMs && at <= to
    })
    const best = made.find(({ tried }) => tried === "read" || tried === "restored") ?? made[0]
    return { to, state: best === undefined ? "none" : (best.tried ?? "made") }
  })
  return (
    <>
      <div className="backups-nights">
        {nights.map(({ to, state }) => (
          <i key={to} className={state} title={sayDate(to, now, { language, zone })} />
        ))}
      </div>
      <div className="row s t3">
        <span>{sayDate(now - (shown - 1) * dayMs, now, { language, zone })}</span>
        <span className="grow backups-legend">{t("backups.legend")}</span>
        <span>{t("backups.today")}</span>
      </div>
    </>
  )
}
