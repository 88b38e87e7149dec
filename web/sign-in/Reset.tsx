import { useMutation } from "@tanstack/react-query"
import { Navigate, useParams } from "react-router"
import { post } from "../client.ts"
import { useWords } from "../words/words.ts"
import { Entrance, EntranceForm, useFormError } from "./Entrance.tsx"

type Values = { password: string }

/** A new password by a one-time link. */
export default function Reset() {
  const { t } = useWords()
  const { token = "" } = useParams()
  const reset = useMutation({
    mutationFn: async ({ password }: Values) => {
      const { email } = await post<{ email: string }>(`/api/v1/reset/${encodeURIComponent(token)}`, {
        password,
      })
      await post("/api/auth/sign-in/email", { email, password })
    },
  })
  const error = useFormError(reset.error)
  if (reset.isSuccess) return <Navigate to="/" replace />
  return (
    <Entrance title={t("sign-in.reset.title")} lead={t("sign-in.reset.lead")}>
      <EntranceForm<Values>
        fields={[
          {
            name: "password",
            label: t("sign-in.password"),
            type: "password",
            hint: t("sign-in.passwordHint"),
          },
        ]}
        go={t("sign-in.reset.go")}
        busy={reset.isPending}
        error={error}
        onFinish={(values) => reset.mutate(values)}
      />
    </Entrance>
  )
}
