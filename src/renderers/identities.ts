import type { Finding } from "../model/finding";
import { serviceOf } from "../model/lookup";
import type { Model } from "../model/model";

/**
 * Sources of authorization policies whose identity is only a guess, as their pods are not part of the model: every
 * backend takes the account to be the service's own name (`principalsOf`), which is what a workload gets by default.
 */
export const guessedIdentities = (model: Model): Finding[] =>
  model.policies.authorization.flatMap((policy) =>
    policy.rules.flatMap(({ from }) =>
      from.flatMap(({ services, path }) =>
        services.flatMap((ref): Finding[] => {
          const service = serviceOf(model, ref);
          if (service === undefined || service.versions.some(({ workload }) => workload !== undefined)) return [];
          return [
            {
              code: "MESH2109",
              level: "warning",
              path,
              message: `${ref.name} has no workload in the model, so its pods are taken to run as the account ${ref.name}`,
              remedy: "Write principals instead of the service.",
            },
          ];
        }),
      ),
    ),
  );
