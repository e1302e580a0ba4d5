// The verbs of build.sh and build.ps1.

using Datamodels.Build;
using Datamodels.Build.Help;

// Ctrl+C reaches the program that a verb runs as well; its exit code is the answer.
Console.CancelKeyPress += (_, e) => e.Cancel = true;

var repository = new Repository(Directory.GetCurrentDirectory());
Verb[] verbs =
[
    new("build", "", "compile everything (Release), the module's bin folder included, and make what Get-Help reads", _ =>
        repository.Build()),
    new("test", "", "run every suite; the last line sums them up", _ => Tests.Run(repository)),
    new("demo", "", "the main job on real digits: examples/digits/experiment.yaml, into out/demo", _ => Demo.Run(repository)),
    new("data", "", "fetch MNIST for examples/mnist5k and bench, into examples/mnist5k/data", _ => Mnist.Fetch(repository)),
    new("bench", "[name…]", "compare with what a user would take instead; writes out/bench.json", names =>
        Bench.Run(repository, names)),
    new("pack", "", "the module as a folder for Import-Module, and as a nupkg, in out/pack", _ => Pack.Run(repository)),
    new("docs", "", "bring syntax and parameters in the pages of docs/cmdlets in step with the code", _ =>
        CmdletHelp.RefreshPages(repository)),
    new("clean", "", "remove everything the other verbs made, but not fetched data", _ => repository.Clean()),
];

string name = args.FirstOrDefault("");
Verb? verb = verbs.FirstOrDefault(v => v.Name == name);
if (verb is null || (verb.Arguments.Length == 0 && args.Length > 1))
{
    bool asked = name is "help" or "-h" or "--help";
    TextWriter to = asked ? Console.Out : Console.Error;
    if (!asked && name.Length > 0)
    {
        to.WriteLine(verb is null ? $"'{name}' is not a verb." : $"'{name}' takes nothing after it; found '{args[1]}'.");
    }

    to.WriteLine("usage: build <verb>");
    foreach (Verb v in verbs)
    {
        to.WriteLine($"  {v.Name + " " + v.Arguments,-14} {v.Help}");
    }

    return asked ? 0 : 2;
}

try
{
    return verb.Run(args[1..]);
}
catch (IOException e)
{
    Console.Error.WriteLine($"{name}: {e.Message}");
    return 1;
}
catch (Exception e) when (e is UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"{name}: {e.Message}");
    return 1;
}

internal sealed record Verb(string Name, string Arguments, string Help, Func<string[], int> Run);
