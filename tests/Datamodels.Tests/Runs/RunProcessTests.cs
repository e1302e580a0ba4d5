using System.Diagnostics;
using Datamodels.Runs;
using Xunit;

namespace Datamodels.Tests.Runs;

/// <summary>A run trained by another process, to which things happen.</summary>
public sealed class RunProcessTests : IDisposable
{
    private const int Models = 600;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Host => Path.Combine(AppContext.BaseDirectory, "Datamodels.TestHost.dll");

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private static (int ExitCode, string Output) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Result + errors);
        }
    }

    private static Process StartTraining(
        string folder, int threads, int models = Models, bool unprivileged = false, string? shard = null)
    {
        string[] command = [DotNet, Host, "train", Repository.Digits, folder, $"{models}", $"{threads}"];
        command = shard is null ? command : [.. command, shard];
        return unprivileged && Environment.IsPrivilegedProcess
            ? Start("setpriv", ["--reuid=65534", "--clear-groups", .. command])
            : Start(command[0], command[1..]);
    }

    private static bool Has(string program) =>
        !OperatingSystem.IsWindows()
        && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static void AssertSameBytes(string expected, string actual)
    {
        foreach (string file in new[] { "completed.npy", "margins.npy", "run.yaml", "subsets.npy" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(expected, file)), File.ReadAllBytes(Path.Combine(actual, file)));
        }

        Assert.Equal(4, Directory.GetFileSystemEntries(actual).Length);
    }

    [Fact]
    public void A_run_killed_again_and_again_ends_with_the_bytes_of_an_undisturbed_one()
    {
        string undisturbed = _folder.File("undisturbed");
        Assert.Equal((0, $"done {Models} 0\n"), Finish(StartTraining(undisturbed, 2)));

        string killed = _folder.File("killed");
        var random = new Random(1);
        int before = 0;
        for (int kill = 0; kill < 5; kill++)
        {
            using Process process = StartTraining(killed, 1 + (kill % 3));
            while (CompletedIn(killed) < before + 10)
            {
                Assert.False(process.HasExited, "The process ended before it could be killed.");
                Thread.Sleep(1);
            }

            Thread.Sleep(random.Next(60));
            process.Kill();
            process.WaitForExit();

            RunRows rows = SubsetTraining.Open(killed).ReadRows();
            Assert.InRange(rows.Count, before + 10, Models - 1);
            Assert.Equal((rows.Count, 0), (CompletedIn(killed), rows.DamagedCount));
            before = rows.Count;
        }

        Assert.Equal((0, $"done {Models - before} 0\n"), Finish(StartTraining(killed, 2)));
        AssertSameBytes(undisturbed, killed);
    }

    [Fact]
    public void Processes_that_share_a_run_and_are_killed_at_random_end_with_the_bytes_of_an_undisturbed_one()
    {
        const int Kills = 24;
        const int FewModels = 1500;
        const int AllModels = 3000;
        string undisturbed = _folder.File("undisturbed");
        string shared = _folder.File("shared");
        Process alone = StartTraining(undisturbed, 2, AllModels);

        // Two processes make the run at once; the later ones give it more models while the earlier go on.
        var random = new Random(2);
        List<Process> running = [StartTraining(shared, 1, FewModels), StartTraining(shared, 3, FewModels)];
        int before = 0;
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                // The first ones are killed while they start, the others once more models are done.
                int wanted = kill < 3 ? 0 : before + 10;
                int done;
                while ((done = CompletedIn(shared)) < wanted)
                {
                    Assert.Contains(running, process => !process.HasExited);
                    Thread.Sleep(1);
                }

                Thread.Sleep(random.Next(kill < 3 ? 300 : 60));
                Assert.InRange(done, before, AllModels - 1);
                before = done;
                Process killed = running[random.Next(running.Count)];
                running.Remove(killed);
                killed.Kill();
                killed.WaitForExit();
                killed.Dispose();
                while (running.Count < 3)
                {
                    running.Add(StartTraining(shared, random.Next(1, 4), AllModels));
                }
            }
        }
        finally
        {
            if (running.Count < 3)
            {
                running.ForEach(process => process.Kill());
            }
        }

        Assert.All(running.ConvertAll(Finish), end => Assert.Matches(@"^done \d+ 0\n$", end.Output));
        Assert.Equal((0, $"done {AllModels} 0\n"), Finish(alone));
        AssertSameBytes(undisturbed, shared);
    }

    [Fact]
    public void Damage_between_kills_is_refused_or_made_good()
    {
        string undisturbed = _folder.File("undisturbed");
        Assert.Equal((0, $"done {Models} 0\n"), Finish(StartTraining(undisturbed, 2)));
        string run = _folder.File("run");
        var random = new Random(3);
        foreach (string file in new[] { "margins.npy", "subsets.npy", "completed.npy" })
        {
            int before = CompletedIn(run);
            using (Process process = StartTraining(run, 2))
            {
                while (CompletedIn(run) < before + 20)
                {
                    Assert.False(process.HasExited, "The process ended before it could be killed.");
                    Thread.Sleep(1);
                }

                process.Kill();
                process.WaitForExit();
            }

            // Cut short anywhere, a file is refused and stays as it is; put back, all is as before.
            string path = Path.Combine(run, file);
            byte[] whole = File.ReadAllBytes(path);
            byte[] cut = whole[..random.Next(whole.Length)];
            File.WriteAllBytes(path, cut);
            (int exitCode, string output) = Finish(StartTraining(run, 1));
            Assert.Equal(2, exitCode);
            Assert.Matches("^Npy(Truncated|Foreign|HeaderInvalid): .*" + file, output);
            Assert.Equal(cut, File.ReadAllBytes(path));

            // A bit flipped in a row that is done, or in its mark, is found by the checksum, and the row trained again.
            File.WriteAllBytes(path, whole);
            RunRows rows = SubsetTraining.Open(run).ReadRows();
            int stride = (whole.Length - 128) / Models;
            int damaged = rows.Models[random.Next(rows.Count)];
            whole[128 + (damaged * stride) + random.Next(stride)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, whole);
            RunRows left = SubsetTraining.Open(run).ReadRows();
            Assert.Equal((rows.Count - 1, rows.DamagedCount + 1), (left.Count, left.DamagedCount));
            Assert.DoesNotContain(damaged, left.Models);

            // A shard makes good what is its own.
            (exitCode, output) = Finish(StartTraining(run, 2, shard: $"{1 + random.Next(3)}/3"));
            Assert.Matches(@"^done \d+ [0-3]\n$", output);
        }

        Assert.Matches(@"^done \d+ [0-3]\n$", Finish(StartTraining(run, 2)).Output);
        AssertSameBytes(undisturbed, run);
    }

    [Fact]
    public void Shards_in_processes_of_their_own_make_the_whole_run()
    {
        string undisturbed = _folder.File("undisturbed");
        string sharded = _folder.File("sharded");
        Process alone = StartTraining(undisturbed, 1);
        Process[] shards =
            [.. Enumerable.Range(1, 3).Select(part => StartTraining(sharded, 1 + (part % 2), shard: $"{part}/3"))];
        Assert.All(shards, process => Assert.Equal((0, "done 200 0\n"), Finish(process)));
        Assert.Equal((0, $"done {Models} 0\n"), Finish(alone));
        AssertSameBytes(undisturbed, sharded);
    }

    private static int CompletedIn(string folder) =>
        File.Exists(Path.Combine(folder, "run.yaml")) ? SubsetTraining.Open(folder).CompletedCount : 0;

    [Fact]
    public void A_disk_too_small_is_found_before_training_and_a_full_one_loses_nothing()
    {
        Assert.SkipUnless(Has("unshare") && Has("mount"), "needs unshare and mount (Linux)");
        string[] unshare = Environment.IsPrivilegedProcess ? ["-m"] : ["-r", "-m"];
        using (Process probe = Start("unshare", [.. unshare, "sh", "-c", $"mount -t tmpfs tmpfs '{_folder.Path}'"]))
        {
            Assert.SkipUnless(Finish(probe).ExitCode == 0, "mounting a small file system is not permitted here");
        }

        Assert.Equal((0, $"done {Models} 0\n"), Finish(StartTraining(_folder.File("undisturbed"), 2)));

        // The run is made whole, that is with its room taken, in the one disk; to have a full disk in mid-run its files are
        // copied without their zeros to another.
        string script = $"""
            set -u
            cd '{_folder.Path}'
            train() (
                '{DotNet}' '{Host}' train '{Repository.Digits}' "$1" {Models} 2
            )
            mkdir small
            mount -t tmpfs -o size=300k tmpfs small || exit 9
            train small/run && exit 10
            test -e small/run && exit 11
            cp -r undisturbed empty
            for file in subsets margins completed; do
                size=$(stat -c %s empty/$file.npy)
                head -c 128 empty/$file.npy > start
                cp start empty/$file.npy
                truncate -s $size empty/$file.npy
            done
            cp -r --sparse=always empty small/run || exit 12
            train small/run && exit 13
            mount -o remount,size=3m small || exit 14
            train small/run || exit 15
            cp -r small/run resumed || exit 16
            """;
        (int exitCode, string output) = Finish(Start("unshare", [.. unshare, "sh", "-c", script]));
        Assert.True(exitCode == 0, $"exit code {exitCode}: {output}");
        Assert.Matches(@"RunTooLarge: The files of the run take \d+ bytes, and the disk of '.*' has \d+ available", output);
        Assert.Matches(@"RunWriteFailed: .* The \d+ of 600 models that are done stay", output);
        AssertSameBytes(_folder.File("undisturbed"), _folder.File("resumed"));
    }

    [Fact]
    public void A_folder_without_write_permission_is_said_and_nothing_is_changed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "permissions are set by mode (Unix)");
        Assert.SkipWhen(Environment.IsPrivilegedProcess && !Has("setpriv"), "root may write anywhere, and there is no setpriv");
        string run = _folder.File("run");
        Assert.Equal(0, Finish(StartTraining(run, 1, models: 4)).ExitCode);
        byte[] marks = new byte[16];
        using (FileStream file = File.OpenWrite(Path.Combine(run, "completed.npy")))
        {
            file.Position = 128;
            file.Write(marks);
        }

        SetMode("555", run);
        SetMode("444", Directory.GetFiles(run));
        SetMode("755", _folder.Path);
        string folder = Directory.CreateDirectory(_folder.File("closed")).FullName;
        SetMode("555", folder);
        try
        {
            (int exitCode, string output) = Finish(StartTraining(Path.Combine(folder, "run"), 1, unprivileged: true));
            Assert.Equal((2, "RunFolderNotWritable"), (exitCode, output.Split(':')[0]));
            (exitCode, output) = Finish(StartTraining(folder, 1, unprivileged: true));
            Assert.Equal((2, "RunFolderNotWritable"), (exitCode, output.Split(':')[0]));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
            (exitCode, output) = Finish(StartTraining(run, 1, models: 4, unprivileged: true));
            Assert.Equal((2, "RunNotWritable"), (exitCode, output.Split(':')[0]));
            Assert.Equal(marks, File.ReadAllBytes(Path.Combine(run, "completed.npy"))[128..]);
        }
        finally
        {
            SetMode("755", run, folder);
        }
    }

    private static void SetMode(string mode, params string[] paths) =>
        Assert.Equal(0, Finish(Start("chmod", [mode, .. paths])).ExitCode);
}
