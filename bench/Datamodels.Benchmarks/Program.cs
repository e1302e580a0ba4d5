// Compares with what a user would take instead, on this machine, now: bench [name…]. Run in the root of the repository.

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Datamodels;
using Datamodels.Benchmarks;

IComparison[] comparisons =
[
    new TrainDigitsPerceptron(), new TrainMnistPerceptron(), new TrainMnistConvolutional(), new TrainFlat(), new LearnCifar(),
    new FitObjective(), new FitPath(), new FitGram(), new FitGrowth(), new FitLarge(), new KernelRates(),
];
string[] unknown = [.. args.Except(comparisons.Select(c => c.Name))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine(
        $"bench: no comparison '{unknown[0]}'; there are {string.Join(", ", comparisons.Select(c => c.Name))}.");
    return 2;
}

var rows = new List<BenchmarkRow>();
bool failed = false;
foreach (IComparison comparison in comparisons.Where(c => args.Length == 0 || args.Contains(c.Name)))
{
    try
    {
        Console.WriteLine($"{comparison.Name}: {comparison.Description}");
        rows.AddRange(comparison.Run(new Peers(line => Console.WriteLine($"  {line}"))));
    }
    catch (Exception e) when (e is BenchmarkException or DatamodelException)
    {
        Console.Error.WriteLine($"{comparison.Name}: {e.Message}");
        failed = true;
    }
}

const string Result = "out/bench.json";
Directory.CreateDirectory("out");
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web)
{
    WriteIndented = true,
    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
};
File.WriteAllText(Result + ".new", JsonSerializer.Serialize(rows, json) + "\n");
File.Move(Result + ".new", Result, overwrite: true);

static string Shown(double? value) => value?.ToString("0.####;-0.####;0", CultureInfo.InvariantCulture) is not string text ? "-"
    : text == "0" && value != 0 ? value.Value.ToString("0.0e+0", CultureInfo.InvariantCulture) : text;

Console.WriteLine();
Console.WriteLine($"{"name",-24} {"ours",10} {"peer",10} {"ratio",8} {"bar",8}  unit");
foreach (BenchmarkRow row in rows)
{
    Console.WriteLine(
        $"{row.Name,-24} {Shown(row.Ours),10} {Shown(row.Peer),10} {Shown(row.Ratio),8} {Shown(row.Bar),8}  {row.Unit}");
}

Console.WriteLine($"written to {Result}");
return failed ? 1 : 0;
