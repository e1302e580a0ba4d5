using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Datamodels.IO;

namespace Datamodels.Runs;

/// <summary>
/// The processes that train a run, as they say themselves: each keeps one small file in the folder <c>workers</c> of the
/// run. Nothing depends on these files but what is shown of a run; they claim no model and lock nothing. A file that has
/// not been written for <see cref="Silence"/>, or whose process is known to have ended, counts for nothing.
/// </summary>
internal static partial class WorkerFolder
{
    private const string Name = "workers";

    /// <summary>A process that is silent for longer is taken to be dead.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    private static string MachineName => string.Concat(Environment.MachineName.Split(Path.GetInvalidFileNameChars()));

    /// <summary>The processes that are at the run in <paramref name="run"/> now, ordered by machine and process.</summary>
    public static EquatableList<RunWorker> Read(string run)
    {
        var workers = new List<RunWorker>();
        foreach (string path in Files(run).Where(path => path.EndsWith(".yaml", StringComparison.Ordinal) && IsAlive(path)))
        {
            try
            {
                YamlSection file = YamlSection.ReadFile(
                    path, "machine", "process", "started", "trained", "perSecond").Complete();
                workers.Add(new RunWorker(
                    file.Text("machine"), file.Int32("process"), file.Parsed<DateTime>("started", "a time in UTC", TryParseTime),
                    file.Int32("trained"), file.Number("perSecond", null, "a number of at least 0", rate => rate >= 0)));
            }
            catch (DatamodelException)
            {
                // Gone since it was listed, or nothing that a worker wrote.
            }
        }

        return [.. workers.OrderBy(worker => worker.Machine, StringComparer.Ordinal).ThenBy(worker => worker.ProcessId)];
    }

    /// <summary>A path for the file of this process, of its own for each use.</summary>
    public static string NewPath(string run)
    {
        // Machines may share a name, as containers do; the last part tells them apart.
        return Path.Combine(run, Name, $"{MachineName}-{Environment.ProcessId}-{Random.Shared.Next():x8}.yaml");
    }

    /// <summary>Writes or replaces the file of a process.</summary>
    /// <exception cref="DatamodelException">Writing failed.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be made.</exception>
    public static void Write(string path, RunWorker worker)
    {
        string text = YamlWriter.Write(root =>
        {
            root.Text("machine", worker.Machine);
            root.Number("process", worker.ProcessId);
            root.Text("started", worker.Started.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            root.Number("trained", worker.Trained);
            root.Number("perSecond", Math.Round(worker.PerSecond, 3));
        });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Deletes the file at <paramref name="own"/>, those of dead processes, and the folder if nothing is left.</summary>
    public static void CleanUp(string run, string own)
    {
        try
        {
            File.Delete(own);
            foreach (string path in Files(run).Where(path => !IsAlive(path)))
            {
                File.Delete(path);
            }

            if (!Files(run).Any())
            {
                Directory.Delete(Path.Combine(run, Name));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process tidies up too, or came in between; what is left goes the next time.
        }
    }

    private static IEnumerable<string> Files(string run)
    {
        string folder = Path.Combine(run, Name);
        try
        {
            return Directory.GetFiles(folder).Where(path => FileName().IsMatch(Path.GetFileName(path)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>
    /// Whether the process of a file still runs, as far as can be seen from here: the file's time is the file server's, the
    /// same for all machines, and processes of this machine can be asked after.
    /// </summary>
    private static bool IsAlive(string path)
    {
        if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Silence)
        {
            return false;
        }

        GroupCollection name = FileName().Match(Path.GetFileName(path)).Groups;
        return name[1].Value != MachineName
            || !int.TryParse(name[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            || IsRunning(process);
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // It is there, but of another user.
            return true;
        }
    }

    private static bool TryParseTime(string text, out DateTime time) => DateTime.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time);

    [GeneratedRegex(@"^(.+)-(\d+)-[0-9a-f]{8}\.yaml(\.writing)?$")]
    private static partial Regex FileName();
}
