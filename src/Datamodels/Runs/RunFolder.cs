using System.Text;

namespace Datamodels.Runs;

/// <summary>
/// The folder of a run. It is made such that it is either a whole run or recognisably an unfinished one: the spec is
/// first written under another name, then the rows' files are made, and last the spec gets its name.
/// </summary>
internal static class RunFolder
{
    private const string SpecName = "run.yaml";
    private const string UnfinishedName = "run.yaml.unfinished";
    private const int ShownFiles = 3;

    /// <summary>The file with the spec.</summary>
    public static string SpecPath(string folder) => Path.Combine(folder, SpecName);

    /// <summary>Whether there is a run.</summary>
    public static bool Exists(string folder) => File.Exists(SpecPath(folder));

    /// <summary>Makes a run without any row done.</summary>
    /// <exception cref="DatamodelException">
    /// The folder holds other files, cannot be written, or another process is at it; the disk is too small.
    /// </exception>
    public static void Create(string folder, RunSpec spec)
    {
        CheckEmpty(folder);
        bool isNew = !Directory.Exists(folder);
        string unfinished = Path.Combine(folder, UnfinishedName);
        try
        {
            Directory.CreateDirectory(folder);
            FileStream claim = Claim(unfinished);
            try
            {
                using (claim)
                {
                    claim.Write(Encoding.UTF8.GetBytes(RunSpecYaml.Write(spec)));
                    claim.Flush(flushToDisk: true);
                    CreateStore(folder, spec);
                }

                File.Move(unfinished, SpecPath(folder));
            }
            catch
            {
                DeleteAll(folder, isNew);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "RunFolderNotWritable", ErrorKind.InputOutput,
                $"The run cannot be made in '{folder}': {e.Message.TrimEnd('.')}. "
                + "Choose a folder that you may write to and that no other process uses.", e);
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

    /// <summary>Takes hold of an unfinished run, new or left behind; no other process can make it then.</summary>
    private static FileStream Claim(string unfinished)
    {
        var file = new FileStream(unfinished, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        file.SetLength(0);
        return file;
    }

    private static void CreateStore(string folder, RunSpec spec)
    {
        foreach (string name in RunStore.FileNames)
        {
            File.Delete(Path.Combine(folder, name));
        }

        long needed = RunStore.SizeOf(spec);
        long? available = AvailableBytes(folder);
        try
        {
            if (needed <= (available ?? needed))
            {
                RunStore.Create(folder, spec).Dispose();
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
            $"The files of the run take {needed} bytes, and the disk of '{folder}' "
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

        if (folderToo)
        {
            Directory.Delete(folder);
        }
    }
}
