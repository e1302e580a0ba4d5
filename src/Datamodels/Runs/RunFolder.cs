using System.Diagnostics;
using System.Text;
using Datamodels.Subsets;

namespace Datamodels.Runs;

/// <summary>
/// The folder of a run. What changes in it as a whole is first written under another name and gets its name last, so that a
/// process that is killed leaves either a whole run or one that is recognisably unfinished: a new run is
/// <c>run.yaml.unfinished</c> until the rows' files are there, and one that is made larger is <c>run.yaml.growing</c> beside
/// <c>run.yaml</c> until they are longer. While it is written that file is locked, which the system undoes when a process
/// dies; of several processes that want the same, one does it and the others wait.
/// </summary>
internal static class RunFolder
{
    private const string SpecName = "run.yaml";
    private const string UnfinishedName = "run.yaml.unfinished";
    private const string GrowingName = "run.yaml.growing";
    private const int ShownFiles = 3;

    // Making even a very large run takes seconds; a lock that is held for longer is held by something else.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_lettingGo = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The file with the spec.</summary>
    public static string SpecPath(string folder) => Path.Combine(folder, SpecName);

    /// <summary>Whether there is a run.</summary>
    public static bool Exists(string folder) => File.Exists(SpecPath(folder));

    /// <summary>Whether the rows' files are being made longer, or were when a process was killed.</summary>
    public static bool IsGrowing(string folder) => File.Exists(Path.Combine(folder, GrowingName));

    /// <summary>
    /// Makes sure that there is the run that is asked for: makes it without any row done, or makes one longer that is the
    /// same but for fewer subsets. Waits for another process that is at it.
    /// </summary>
    /// <returns>The spec of the run.</returns>
    /// <exception cref="DatamodelException">
    /// The folder holds another run or other files, cannot be written, or a process does not let go of it; the disk is too
    /// small.
    /// </exception>
    public static RunSpec Ensure(string folder, RunSpec asked) => Ensure(folder, asked, s_patience);

    /// <inheritdoc cref="Ensure(string, RunSpec)"/>
    /// <param name="folder">The folder.</param>
    /// <param name="asked">The run that is asked for.</param>
    /// <param name="patience">How long to wait for other processes.</param>
    internal static RunSpec Ensure(string folder, RunSpec asked, TimeSpan patience)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            RunSpec? spec = Exists(folder) ? ReadSpec(folder) : null;
            if (spec is not null && !MustGrow(folder, spec, asked))
            {
                return spec;
            }

            try
            {
                if (spec is null ? TryCreate(folder, asked) : TryGrow(folder, spec with { Plan = asked.Plan }))
                {
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw NotWritable(e.Message, e);
            }

            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw NotWritable("another process is making it and has not got done", null);
            }

            Thread.Sleep(s_pause);
        }

        DatamodelException NotWritable(string reason, Exception? e) => new(
            "RunFolderNotWritable", ErrorKind.InputOutput,
            $"The run cannot be made in '{folder}': {reason.TrimEnd('.')}. "
            + "Choose a folder that you may write to and that no other process uses.", e);
    }

    /// <summary>Reads the spec of a run.</summary>
    /// <exception cref="DatamodelException">It is not as it was written, or cannot be read.</exception>
    public static RunSpec ReadSpec(string folder)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return RunSpecYaml.Read(SpecPath(folder));
            }
            catch (DatamodelException e) when (
                e.InnerException is IOException && Exists(folder) && Stopwatch.GetElapsedTime(start) < s_lettingGo)
            {
                // The process that has just given it its name has not let go of it yet.
                Thread.Sleep(s_pause);
            }
        }
    }

    /// <summary>The error for a folder that was to be opened but holds no run.</summary>
    public static DatamodelException NotARun(string folder) => new(
        "RunNotFound", ErrorKind.NotFound,
        File.Exists(Path.Combine(folder, UnfinishedName))
            ? $"The run in '{folder}' was interrupted while it was made and holds no models; start it again."
            : Directory.Exists(folder)
                ? $"'{folder}' holds no run: there is no file {SpecName} in it."
                : File.Exists(folder)
                    ? $"'{folder}' is a file; give the folder of a run."
                    : $"There is no folder '{folder}'; check the path of the run.");

    /// <summary>Whether the run is the one that is asked for but for having fewer subsets.</summary>
    /// <exception cref="DatamodelException">It is another run.</exception>
    private static bool MustGrow(string folder, RunSpec spec, RunSpec asked)
    {
        IReadOnlyList<string> differences = spec.DifferencesFrom(asked);
        if (differences.Count == 0)
        {
            return false;
        }

        SubsetPlan longer = new(spec.Plan.Seed, spec.Plan.Alpha, asked.Plan.Count, spec.Plan.Retrainings);
        bool onlyCount = (spec with { Plan = longer }).DifferencesFrom(asked).Count == 0;
        return onlyCount && asked.Plan.Count > spec.Plan.Count
            ? true
            : throw new DatamodelException(
                "RunSpecDiffers", ErrorKind.Conflict,
                $"The run in '{folder}' is another than the one asked for: {string.Join("; ", differences)}. "
                + (onlyCount ? "A run can be given more subsets but never fewer. " : "")
                + "Choose another folder, or ask for the same run to go on with it.");
    }

    /// <summary>Makes a run; false where another process is at it or has just done so.</summary>
    private static bool TryCreate(string folder, RunSpec spec)
    {
        try
        {
            CheckEmpty(folder);
        }
        catch (Exception e) when ((e is DatamodelException && Exists(folder)) || e is FileNotFoundException)
        {
            // What was looked at was a run in the making.
            return false;
        }

        bool isNew = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        string unfinished = Path.Combine(folder, UnfinishedName);
        using FileStream? claim = TryClaim(unfinished, () => !Exists(folder));
        if (claim is null)
        {
            return false;
        }

        try
        {
            Write(claim, spec);
            CreateStore(folder, spec);
            File.Move(unfinished, SpecPath(folder));
            return true;
        }
        catch
        {
            DeleteAll(folder, isNew);
            throw;
        }
    }

    /// <summary>
    /// Makes the files of a run longer, then their headers say so, and last run.yaml; a kill in between leaves files that
    /// hold more than run.yaml says, which opens. False where another process is at it or has just done so.
    /// </summary>
    private static bool TryGrow(string folder, RunSpec grown)
    {
        string growing = Path.Combine(folder, GrowingName);
        using FileStream? claim = TryClaim(growing, () => ReadSpec(folder).Plan.Count < grown.Plan.Count);
        if (claim is null)
        {
            return false;
        }

        try
        {
            using RunStore store = RunStore.OpenToGrow(folder, ReadSpec(folder));
            Write(claim, grown);
            try
            {
                TakeRoom(folder, store.SizeToGrow(grown), () => store.Reserve(grown));
            }
            catch
            {
                // With the files as long as they say, the run is as it was.
                store.Trim();
                claim.SetLength(0);
                throw;
            }

            store.SetModels(grown);
        }
        catch when (claim.Length == 0)
        {
            // One with something in it says that the files may be longer than they say.
            File.Delete(growing);
            throw;
        }

        File.Move(growing, SpecPath(folder), overwrite: true);
        return true;
    }

    /// <summary>Makes sure that there is no folder, an empty one, or one with nothing but an unfinished run.</summary>
    private static void CheckEmpty(string folder)
    {
        if (File.Exists(folder))
        {
            throw new DatamodelException(
                "RunPathIsFile", ErrorKind.Conflict, $"'{folder}' is a file; a run takes a folder of its own.");
        }

        string[] names = Directory.Exists(folder)
            ? [.. Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order()]
            : [];
        string[] others = names.Contains(UnfinishedName) ? [.. names.Except([UnfinishedName, .. RunStore.FileNames])] : names;
        if (others.Length > 0)
        {
            throw new DatamodelException(
                "RunFolderNotEmpty", ErrorKind.Conflict,
                $"'{folder}' holds no run (there is no {SpecName}) but other files: {string.Join(", ", others.Take(ShownFiles))}"
                + (others.Length > ShownFiles ? $", … ({others.Length} in all)" : "") + ". Choose a new or an empty folder.");
        }

        // No model is trained before run.yaml has its name; marks beside the unfinished one mean that a file was moved.
        if (RunStore.HoldsMarks(folder))
        {
            throw new DatamodelException(
                "RunSpecMissing", ErrorKind.Conflict,
                $"'{folder}' holds trained models but {UnfinishedName} instead of {SpecName}; "
                + "if it is the spec of that run, rename it.");
        }
    }

    /// <summary>
    /// Takes hold of a file that only one process may write, new or left behind by one that was killed. Null where another
    /// has it, or had it and has done already what was <paramref name="needed"/>.
    /// </summary>
    private static FileStream? TryClaim(string path, Func<bool> needed)
    {
        FileStream claim;
        try
        {
            // Windows lets a file be renamed while it is open only where that is shared; elsewhere the lock is another thing.
            claim = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.Write,
                OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
        }
        catch (IOException) when (File.Exists(path) || !needed())
        {
            return null;
        }

        // Between a look and the lock another process may have finished and renamed its file.
        if (needed())
        {
            return claim;
        }

        using (claim)
        {
            // One with something in it is the file that was renamed; one without is what was made here in its place.
            if (claim.Length == 0)
            {
                File.Delete(path);
            }

            return null;
        }
    }

    private static void Write(FileStream claim, RunSpec spec)
    {
        claim.SetLength(0);
        claim.Write(Encoding.UTF8.GetBytes(RunSpecYaml.Write(spec)));
        claim.Flush(flushToDisk: true);
    }

    private static void CreateStore(string folder, RunSpec spec)
    {
        foreach (string name in RunStore.FileNames)
        {
            File.Delete(Path.Combine(folder, name));
        }

        TakeRoom(folder, RunStore.SizeOf(spec), () => RunStore.Create(folder, spec).Dispose());
    }

    /// <summary>Does what takes <paramref name="needed"/> bytes on the disk, unless there is not the room.</summary>
    private static void TakeRoom(string folder, long needed, Action take)
    {
        long? available = AvailableBytes(folder);
        try
        {
            if (needed <= (available ?? needed))
            {
                take();
                return;
            }
        }
        catch (IOException e)
        {
            throw TooSmall(e);
        }

        throw TooSmall(null);

        DatamodelException TooSmall(IOException? e) => new(
            "RunTooLarge", ErrorKind.InputOutput,
            $"The files of the run take {needed} bytes{(Exists(folder) ? " more" : "")}, and the disk of '{folder}' "
            + (available is null ? "has no room for them" : $"has {available} available")
            + (e is null ? "." : $": {e.Message.TrimEnd('.')}.")
            + " Make room, choose a folder on another disk, or train fewer models.", e);
    }

    private static long? AvailableBytes(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // A network share, for instance; then making the files will tell.
            return null;
        }
    }

    private static void DeleteAll(string folder, bool folderToo)
    {
        foreach (string name in RunStore.FileNames.Append(UnfinishedName))
        {
            File.Delete(Path.Combine(folder, name));
        }

        if (folderToo && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
        }
    }
}
