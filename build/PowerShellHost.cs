namespace Datamodels.Build;

/// <summary>
/// A PowerShell that can load the module: the one that runs build.ps1, else pwsh on PATH, else the .NET tool of the tool
/// manifest.
/// </summary>
internal sealed class PowerShellHost
{
    private static readonly Version s_oldest = new(7, 6);
    private static readonly TimeSpan s_restoreLimit = TimeSpan.FromMinutes(3);

    private readonly Repository _repository;
    private readonly string _program;
    private readonly string[] _before;

    private PowerShellHost(Repository repository, string program, params string[] before)
    {
        _repository = repository;
        _program = program;
        _before = before;
    }

    /// <summary>The PowerShell to use, or null and the reason why there is none.</summary>
    public static PowerShellHost? Find(Repository repository, out string reason)
    {
        string program = Environment.GetEnvironmentVariable("DATAMODELS_PWSH") ?? OnPath() ?? "";
        if (program.Length > 0)
        {
            var host = new PowerShellHost(repository, program);
            reason = host.WhyUnfit();
            return reason.Length == 0 ? host : null;
        }

        reason = FirstFailure(repository, "powershell-tool", () =>
            repository.Ask("dotnet", ["tool", "restore"], s_restoreLimit));
        if (reason.Length > 0)
        {
            reason = $"there is no pwsh on PATH, and the .NET tool PowerShell did not restore ({reason})";
            return null;
        }

        var tool = new PowerShellHost(repository, "dotnet", "tool", "run", "pwsh", "--");
        reason = tool.WhyUnfit();
        return reason.Length == 0 ? tool : null;
    }

    /// <summary>Runs a script with this console, stopping at its first error; returns its exit code.</summary>
    public int Run(string script) => _repository.Run(_program, Arguments(script));

    /// <summary>Runs a script unseen; returns what it printed.</summary>
    public (bool Done, string Output) Ask(string script, TimeSpan limit) => _repository.Ask(_program, Arguments(script), limit);

    /// <summary>
    /// Tries something that needs the network; a failure is remembered for an hour, so that only the first of many builds
    /// pays for it. Returns the reason of the failure, empty where it worked.
    /// </summary>
    public static string FirstFailure(Repository repository, string name, Func<(bool Done, string Output)> attempt)
    {
        string memory = repository.PathOf("out", "unavailable", name);
        if (File.Exists(memory) && DateTime.UtcNow - File.GetLastWriteTimeUtc(memory) < TimeSpan.FromHours(1))
        {
            return File.ReadAllText(memory);
        }

        (bool done, string output) = attempt();
        if (done)
        {
            return "";
        }

        string reason = output.Split('\n')[0].Trim().TrimEnd('.');
        Directory.CreateDirectory(Path.GetDirectoryName(memory)!);
        File.WriteAllText(memory, reason);
        return reason;
    }

    private static string? OnPath()
    {
        string file = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    private string WhyUnfit()
    {
        (bool done, string output) = Ask("$PSVersionTable.PSVersion.ToString()", TimeSpan.FromMinutes(1));
        string shown = string.Join(' ', [_program, .. _before]);
        string answer = output.Split('\n')[0].Trim();
        if (!done)
        {
            return $"{shown} does not start ({answer})";
        }

        // A preview reads 7.7.0-preview.1.
        return Version.TryParse(output.Split('-')[0], out Version? version) && version >= s_oldest
            ? ""
            : $"{shown} is PowerShell {answer}; the module needs {s_oldest} or later";
    }

    private string[] Arguments(string script) =>
        [.. _before, "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; {script}"];
}
