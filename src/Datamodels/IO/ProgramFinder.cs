namespace Datamodels.IO;

/// <summary>Finds the file of a program as a shell does.</summary>
internal static class ProgramFinder
{
    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// The full path of a program: a command with a folder in it is a path that starts from <paramref name="folder"/>;
    /// any other is looked for in the folders of PATH. Null where there is none.
    /// </summary>
    public static string? Find(string command, string folder)
    {
        bool isPath = command.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0;
        IEnumerable<string> places = isPath
            ? [Path.GetFullPath(command, folder)]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(place => Path.Combine(place, command));
        return places.SelectMany(Candidates).FirstOrDefault(IsProgram);
    }

    /// <summary>On Windows a program has one of the extensions of PATHEXT, which one need not write.</summary>
    private static IEnumerable<string> Candidates(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            return [path];
        }

        string[] extensions = (Environment.GetEnvironmentVariable("PATHEXT") ?? ".EXE").Split(';');
        IEnumerable<string> extended = extensions.Select(extension => path + extension);
        return Path.HasExtension(path) ? extended.Prepend(path) : extended;
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
