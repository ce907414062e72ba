/** Jobs that bring their bytes along: `table.load(localFile)`. */
import { CloudError } from "../errors.ts";
import { jobResource } from "./job_resource.ts";
import type { BigQueryCloud, JobService } from "./job_service.ts";
import { loadOf } from "./load_job.ts";
import type { Receiver, UploadRequest } from "./upload.ts";

/**
 * Where the bytes of an uploaded load job go: into a draft, which is thrown away when the job is done.
 *
 * @throws {CloudError} before any byte is taken, for a job that is no load or has a wrong option.
 */
export async function beginLoad(
  { objects }: BigQueryCloud,
  service: JobService,
  projectId: string,
  { metadata }: UploadRequest,
): Promise<Receiver> {
  const { configuration } = metadata as { configuration?: { load?: unknown } };
  if (configuration?.load === undefined) {
    throw new CloudError("required", "Required parameter is missing: configuration.load");
  }
  loadOf(configuration.load, projectId);
  const draft = await objects.draft();
  return {
    get size() {
      return draft.size;
    },
    write: (bytes) => draft.write(bytes),
    discard: () => draft.discard(),
    finish: async () => {
      const { size } = await draft.finish();
      const file = { path: draft.path, name: "the uploaded file", size };
      const job = service.insert(projectId, metadata, file);
      job.done.then(() => draft.discard());
      return jobResource(job);
    },
  };
}
