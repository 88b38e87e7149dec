import { useMutation, useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import type { ReachAnswer, ReachView } from "../../src/api/contract/settings.ts"
import { get, post } from "../client.ts"
import { Trouble } from "../settings/Trouble.tsx"
import { useWords } from "../words/words.ts"

/** Whether this server is reached by the address that its links carry: it asks itself from outside. */
export function Reach() {
  const { t } = useWords()
  const reach = useQuery({ queryKey: ["settings", "reach"], queryFn: () => get<ReachView>("/api/v1/reach") })
  const check = useMutation({ mutationFn: () => post<ReachAnswer>("/api/v1/reach/check") })
  if (!reach.data) return null
  const { publicUrl, addresses } = reach.data
  return (
    <div className="effect">
      <h2>{t("setup.reach.title")}</h2>
      <p className="t2">{publicUrl ? t("setup.reach.public", { url: publicUrl }) : t("setup.reach.local")}</p>
      {addresses.length > 0 && (
        <p className="s t3">{t("setup.reach.lan", { urls: addresses.join(t("line.and")) })}</p>
      )}
      {publicUrl ? (
        <div className="row acts">
          <Button loading={check.isPending} onClick={() => check.mutate()}>
            {t("setup.reach.check")}
          </Button>
          {check.data && (
            <span role="status">
              {t(`setup.reach.answer.${check.data.answer}`, { ms: check.data.tookMs })}
            </span>
          )}
        </div>
      ) : (
        <p className="s t3">{t("setup.reach.how")}</p>
      )}
      <Trouble error={check.error} />
    </div>
  )
}
