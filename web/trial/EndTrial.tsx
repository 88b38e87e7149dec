import type { TrialRunView } from "../../src/api/contract/trialRun.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useSetTrialRun } from "./queries.ts"

/** What ending the trial run changes, before it does. */
export function EndTrial({ trial, onClose }: { trial: TrialRunView; onClose: () => void }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const problem = useProblem()
  const set = useSetTrialRun()
  const n = (count: number) => count.toLocaleString("en")
  const rows: [string, string, string][] = [
    ["alerts", t("trial.now.alerts"), t("trial.then.alerts", { n: n(trial.departments) })],
    ["scores", t("trial.now.scores"), t("trial.then.scores")],
    [
      "cases",
      t("trial.now.cases", { n: n(trial.cases.opened) }),
      t("trial.then.cases", { n: n(trial.cases.open) }),
    ],
  ]
  return (
    <Dialog
      open
      title={t("trial.endTitle")}
      okText={t("trial.end")}
      cancelText={t("trial.goOn")}
      confirmLoading={set.isPending}
      onOk={() => set.mutate(false, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p className="t2" title={trial.since ? exact(Date.parse(trial.since), zone) : ""}>
        {t("trial.soFar", {
          since: trial.since ? say(Date.parse(trial.since), now, { language, zone }) : "",
          warnings: n(trial.warnings),
          breaches: n(trial.breaches),
        })}
      </p>
      <table className="trial-table">
        <thead>
          <tr>
            <th aria-label={t("trial.what")} />
            <th>{t("trial.before")}</th>
            <th>{t("trial.after")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([what, now, then]) => (
            <tr key={what}>
              <td>{t(`trial.row.${what}`)}</td>
              <td className="t2">{now}</td>
              <td>{then}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {set.error && (
        <p className="trial-error" role="alert">
          {problem(set.error).title}
        </p>
      )}
    </Dialog>
  )
}
