/** The process behind `meshup up --detach`: a supervisor that waits for its mesh at its door. */
import { run } from "./run";

async function main(mesh: string): Promise<void> {
  const { ended } = await run(mesh, {
    progress: (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  });
  await ended;
}

if (require.main === module)
  main(process.argv[2] ?? "").then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
